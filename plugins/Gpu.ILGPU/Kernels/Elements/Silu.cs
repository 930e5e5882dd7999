namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>x · σ(x).</summary>
internal readonly struct Silu : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => x / (1f + Functions.Exp(-x));
}
