namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Activation functions.</summary>
public enum Activation
{
    /// <summary>x · σ(x).</summary>
    Silu,
    /// <summary>½x · (1 + tanh(√(2/π) · (x + 0.044715·x³))).</summary>
    GeluTanh,
    /// <summary>½x · (1 + erf(x / √2)).</summary>
    GeluErf,
    /// <summary>max(x, 0).</summary>
    Relu,
    /// <summary>max(x, 0)².</summary>
    ReluSquared,
    /// <summary>x · σ(Alpha · x); the gate of gpt-oss.</summary>
    SwishAlpha,
    /// <summary>tanh(x).</summary>
    Tanh,
    /// <summary>σ(x).</summary>
    Sigmoid,
}
