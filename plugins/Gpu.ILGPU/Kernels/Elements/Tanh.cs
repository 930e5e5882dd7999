namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>tanh x.</summary>
internal readonly struct Tanh : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha) => Functions.Tanh(x);
}
