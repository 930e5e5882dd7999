namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Norms/LayerNorm.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct LayerNormArgs
{
    public uint Width, Rows, HasWeight, HasBias;
    public float Epsilon;
}
