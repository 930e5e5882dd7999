namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Norms/ArgMax.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct ArgMaxArgs
{
    public uint Width, Rows;
}
