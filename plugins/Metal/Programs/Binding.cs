using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Programs;

/// <summary>What a kernel gets for an operand.</summary>
/// <param name="Buffer">Where it lies.</param>
/// <param name="Offset">Bytes behind its start.</param>
internal readonly record struct Binding(MetalBuffer Buffer, ulong Offset);
