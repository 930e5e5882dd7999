namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Norms/RmsNorm.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct RmsNormArgs
{
    public uint Width, Rows, HasWeight;
    public float Epsilon;
}
