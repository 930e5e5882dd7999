using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>y = (x − mean) / √(var + ε) · w + b, with the variance of the centred elements.</summary>
internal static class ReferenceLayerNorm
{
    public static void Run(LayerNorm operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var weight = context.Vector(operation.Weight, 1);
        var bias = context.Vector(operation.Bias, 2);
        var scratch = context.Scratch(0, input.Shape.D0);
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var x = input.Row(r, scratch);
            var y = output.Row(r);
            var (mean, variance) = Moments(x);
            var factor = 1 / Math.Sqrt(variance + operation.Epsilon);
            for (var i = 0; i < x.Length; i++)
                y[i] = (x[i] - mean) * factor * (weight.IsEmpty ? 1 : weight[i]) + (bias.IsEmpty ? 0 : bias[i]);
        }
    }

    public static (double Mean, double Variance) Moments(ReadOnlySpan<double> x)
    {
        double sum = 0, squares = 0;
        foreach (var element in x) sum += element;
        var mean = sum / x.Length;
        foreach (var element in x) squares += (element - mean) * (element - mean);
        return (mean, squares / x.Length);
    }
}
