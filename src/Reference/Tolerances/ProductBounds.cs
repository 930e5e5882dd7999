using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Sums of products. With a = magnitude of the weight (see <see cref="ReferenceOperand.Magnitudes"/>), e = permitted change of the activation:
/// |Δ| ≤ Σ a·e + (k + 16)·u·Σ a·(|x| + e). The second term is the classical bound of a sum of k products in any order, with room for the few roundings
/// of scales and minima.
/// </summary>
internal static class ProductBounds
{
    public static void MatMul(MatMul operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var x = input.Row(row, new double[input.Shape.D0]);
        var bias = operation.Bias is null ? default : context.Operand(operation.Bias).Row(0, new double[bounds.Length]);
        Products(context.Operand(operation.Weight), 0, x, bias, bounds);
    }

    public static void MatMulExperts(MatMulExperts operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var ids = context.Operand(operation.Ids);
        var weight = context.Operand(operation.Weight);
        var (t, u) = (row / ids.Shape.D0, row % ids.Shape.D0);
        var expert = (long)ids.Row(t, new double[ids.Shape.D0])[(int)u];
        var x = input.Row(input.Shape.D1 == 1 ? t : row, new double[input.Shape.D0]);
        var bias = operation.Bias is null ? default : context.Operand(operation.Bias).Row(expert, new double[bounds.Length]);
        Products(weight, expert * weight.Shape.D1, x, bias, bounds);
    }

    public static void CombineExperts(CombineExperts operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var weights = context.Operand(operation.Weights);
        var w = weights.Row(row, new double[weights.Shape.D0]);
        var scratch = new double[input.Shape.D0];
        for (var u = 0; u < w.Length; u++)
        {
            var y = input.Row(row * w.Length + u, scratch);
            for (var j = 0; j < bounds.Length; j++) bounds[j] += Math.Abs(w[u] * y[j]);
        }
        foreach (ref var bound in bounds) bound = bound * (w.Length + 2) * Tolerance.Unit + Tolerance.Floor;
    }

    /// <summary>Plain formats are exact; the formula of a quantised one may be fused, which moves one rounding.</summary>
    public static void GetRows(GetRows operation, long row, Span<double> bounds, OperationContext context)
    {
        var table = context.Operand(operation.Table);
        if (table.Type.BlockLength() == 1) return;
        table.Magnitudes(ReferenceGetRows.Rows(operation.Source, context.Step)[(int)row], bounds);
        foreach (ref var bound in bounds) bound = bound * 2 * Tolerance.Unit + Tolerance.Floor;
    }

    private static void Products(ReferenceOperand weight, long firstRow, ReadOnlySpan<double> x, ReadOnlySpan<double> bias, Span<double> bounds)
    {
        var errors = new double[x.Length];
        ActivationRounding.Errors(weight.Type, x, errors);
        var magnitudes = new double[x.Length];
        var rounding = (x.Length + 16) * Tolerance.Unit;
        for (var j = 0; j < bounds.Length; j++)
        {
            weight.Magnitudes(firstRow + j, magnitudes);
            var bound = 0.0;
            for (var i = 0; i < x.Length; i++) bound += magnitudes[i] * (errors[i] + rounding * (Math.Abs(x[i]) + errors[i]));
            bounds[j] = bound + (bias.IsEmpty ? 0 : 2 * Tolerance.Unit * Math.Abs(bias[j])) + Tolerance.Floor;
        }
    }
}
