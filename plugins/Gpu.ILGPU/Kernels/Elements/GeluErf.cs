namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>½x · (1 + erf(x / √2)).</summary>
internal readonly struct GeluErf : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => 0.5f * x * (1f + Functions.Erf(x * 0.70710678118f));
}
