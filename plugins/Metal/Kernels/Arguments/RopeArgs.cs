namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Rows/Rope.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct RopeArgs
{
    public uint Head, Heads, Rows, Pairs, Adjacent;
}
