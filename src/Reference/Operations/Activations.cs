using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Reference.Operations;

/// <summary>The activation functions.</summary>
internal static class Activations
{
    public static double Apply(Activation function, double alpha, double x) => function switch
    {
        Activation.Silu => x * Sigmoid(x),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        // 1 + erf(z) = erfc(−z), which does not cancel far out on the left.
        Activation.GeluErf => 0.5 * x * ErrorFunction.Complement(-x / Math.Sqrt(2)),
        Activation.Relu => Math.Max(x, 0),
        Activation.ReluSquared => Math.Max(x, 0) * Math.Max(x, 0),
        Activation.SwishAlpha => x * Sigmoid(alpha * x),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x),
        _ => throw new NotSupportedException($"Activation {function} has no reference."),
    };

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
