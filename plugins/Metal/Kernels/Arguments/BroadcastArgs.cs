namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Elements/Broadcast.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct BroadcastArgs
{
    public uint Width, Extent1, Extent2, Extent3, Stride1, Stride2, Stride3;
}
