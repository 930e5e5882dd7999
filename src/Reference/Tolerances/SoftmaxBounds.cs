using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Softmax: the exponents x − max are off by at most 2u·max|x|, which is a factor on every weight and on their sum, and the sum of d terms by
/// d·u. The ids of <see cref="RouteTopK"/> have no room: compare them on logits that lie apart.
/// </summary>
internal static class SoftmaxBounds
{
    public static void Softmax(Softmax operation, long row, ReadOnlySpan<double> result, Span<double> bounds, OperationContext context)
        => Scaled(context.Operand(operation.Input), row, result, 1, bounds);

    public static void RouteTopK(RouteTopK operation, GraphValue written, long row, ReadOnlySpan<double> result, Span<double> bounds,
        OperationContext context)
    {
        if (ReferenceEquals(written, operation.Weights)) Scaled(context.Operand(operation.Logits), row, result, operation.Renormalize ? 2 : 1, bounds);
    }

    private static void Scaled(ReferenceOperand input, long row, ReadOnlySpan<double> result, double times, Span<double> bounds)
    {
        var x = input.Row(row, new double[input.Shape.D0]);
        var largest = 0.0;
        foreach (var element in x) largest = Math.Max(largest, Math.Abs(element));
        var relative = times * (Math.Exp(Math.Min(4 * Tolerance.Unit * largest, 300)) - 1 + (x.Length + 32) * Tolerance.Unit);
        for (var i = 0; i < bounds.Length; i++) bounds[i] = relative * Math.Abs(result[i]) + Tolerance.Floor;
    }
}
