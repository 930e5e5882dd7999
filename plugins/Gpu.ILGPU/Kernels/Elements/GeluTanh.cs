namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>½x · (1 + tanh(√(2/π) · (x + 0.044715·x³))).</summary>
internal readonly struct GeluTanh : IActivation
{
    /// <inheritdoc/>
    public float Apply(float x, float alpha)
    {
        var inner = 0.7978845608f * (0.044715f * x * x * x + x);
        // ½(1 + tanh u) = σ(2u) keeps its accuracy where the tanh is near −1.
        return x / (1f + Functions.Exp(-(inner + inner)));
    }
}
