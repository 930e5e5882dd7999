using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Norms. A sum of d squares has a relative error of at most d·u, its root half of that. For LayerNorm the mean of d elements is off by at most
/// (d + 2)·u·mean|x|, which moves every centred element and the variance; the variance must be that of the centred elements, for the
/// difference of two large sums is not within the bound.
/// </summary>
internal static class NormBounds
{
    public static void RmsNorm(RmsNorm operation, long row, ReadOnlySpan<double> result, Span<double> bounds, OperationContext context)
        => Relative(context.Operand(operation.Input).Shape.D0, result, bounds);

    public static void Normalize(Normalize operation, long row, ReadOnlySpan<double> result, Span<double> bounds, OperationContext context)
        => Relative(context.Operand(operation.Input).Shape.D0, result, bounds);

    public static void LayerNorm(LayerNorm operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var width = bounds.Length;
        var x = input.Row(row, new double[width]);
        var weight = operation.Weight is null ? default : context.Operand(operation.Weight).Row(0, new double[width]);
        var bias = operation.Bias is null ? default : context.Operand(operation.Bias).Row(0, new double[width]);
        var (mean, variance) = ReferenceLayerNorm.Moments(x);
        var size = 0.0;
        foreach (var element in x) size += Math.Abs(element) / width;
        var denominator = variance + operation.Epsilon;

        double moved = 0, squared = 0;
        var centred = new double[width];
        for (var i = 0; i < width; i++)
        {
            centred[i] = (width + 2) * Tolerance.Unit * size + Tolerance.Unit * (Math.Abs(x[i]) + size);
            moved += Math.Abs(x[i] - mean) * centred[i] / width;
            squared += centred[i] * centred[i] / width;
        }
        var factor = 0.5 * ((width + 8) * Tolerance.Unit + (2 * moved + squared) / denominator) + 4 * Tolerance.Unit;
        for (var i = 0; i < width; i++)
        {
            var scale = Math.Abs(weight.IsEmpty ? 1 : weight[i]) / Math.Sqrt(denominator);
            var bound = scale * (centred[i] * (1 + factor) + Math.Abs(x[i] - mean) * factor);
            bounds[i] = bound + 4 * Tolerance.Unit * (scale * Math.Abs(x[i] - mean) + Math.Abs(bias.IsEmpty ? 0 : bias[i])) + Tolerance.Floor;
        }
    }

    private static void Relative(long width, ReadOnlySpan<double> result, Span<double> bounds)
    {
        for (var i = 0; i < bounds.Length; i++) bounds[i] = (width / 2.0 + 8) * Tolerance.Unit * Math.Abs(result[i]) + Tolerance.Floor;
    }
}
