namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>x · σ(α · x); the gate of gpt-oss.</summary>
internal readonly struct SwishAlpha : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => x / (1f + Functions.Exp(-alpha * x));
}
