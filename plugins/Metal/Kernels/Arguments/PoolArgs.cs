namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Rows/Pool.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct PoolArgs
{
    public uint Width, Sequences, Kind;
}
