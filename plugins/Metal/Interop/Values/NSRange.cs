using System.Runtime.InteropServices;

namespace Hotplug.Metal.Interop.Values;

/// <summary>A stretch of something. 16 bytes: passed in two registers by both calling conventions.</summary>
/// <param name="Location">Where it starts.</param>
/// <param name="Length">How long it is; not where it ends.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NSRange(ulong Location, ulong Length);
