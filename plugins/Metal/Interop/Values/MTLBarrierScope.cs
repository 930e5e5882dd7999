namespace Hotplug.Metal.Interop.Values;

/// <summary>What a barrier orders.</summary>
[Flags]
internal enum MTLBarrierScope : ulong
{
    Buffers = 1,
}
