namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Elements/Scale.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct ScaleArgs
{
    public uint Count;
    public float Factor;
}
