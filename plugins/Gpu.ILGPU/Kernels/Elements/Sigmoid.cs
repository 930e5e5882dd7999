namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>σ(x).</summary>
internal readonly struct Sigmoid : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => Functions.Sigmoid(x);
}
