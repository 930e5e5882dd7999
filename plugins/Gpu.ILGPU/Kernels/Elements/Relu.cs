namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IActivation
{
    /// <inheritdoc/>
    // By comparison: what a device's maximum does with not-a-number differs.
    public float Apply(float x, float alpha) => x < 0f ? 0f : x;
}
