namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>max(x, 0)².</summary>
internal readonly struct ReluSquared : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => x < 0f ? 0f : x * x;
}
