namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Norms/Normalize.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct NormalizeArgs
{
    public uint Width, Rows;
    public float Epsilon;
}
