namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Elements/SoftCap.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct SoftCapArgs
{
    public uint Count;
    public float Cap;
}
