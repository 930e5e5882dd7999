using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Attention. If every score of a query is off by at most δ, every weight is off by at most the factor e^(2δ); summing over the cells adds their number times u.
/// So |Δ| ≤ (e^(2δ) − 1 + (cells + 32)·u)·Σ weight·|value|, with δ = largest over the visible cells of (h + 8)·u·|scale|·Σ|q·k| + 4u·|score|, and
/// the rounding of the query to the type of the keys, as backends do to multiply in half precision.
/// </summary>
internal static class AttentionBounds
{
    public static void Attention(Attention operation, int row, Span<double> bounds, OperationContext context)
    {
        var layer = context.Cache!.Spec.Layer(operation.Layer);
        var query = context.Operand(operation.Query);
        var heads = (int)query.Shape.D1;
        var sinks = operation.Sinks is null ? default : context.Operand(operation.Sinks).Row(0, new double[heads]);
        foreach (var sequence in context.Step.Sequences.Span)
        {
            if (row < sequence.FirstRow || row >= sequence.FirstRow + sequence.RowCount) continue;
            var cells = sequence.CachedLength + sequence.RowCount;
            for (var head = 0; head < heads; head++)
            {
                var gathered = ReferenceAttention.Gather(operation.Layer, sequence, head / (heads / layer.Heads), cells, context);
                Head(operation.Parameters, query.Row((long)row * heads + head, new double[layer.KeyWidth]), context.Step.Positions.Span[row],
                    gathered, cells, layer.KeyType, sinks.IsEmpty ? null : sinks[head], bounds.Slice(head * layer.ValueWidth, layer.ValueWidth));
            }
        }
    }

    public static void AttentionBatch(AttentionBatch operation, int row, Span<double> bounds, OperationContext context)
    {
        var query = context.Operand(operation.Query);
        var (heads, width) = ((int)query.Shape.D1, (int)query.Shape.D0);
        var group = heads / (int)context.Operand(operation.Key).Shape.D1;
        var valueWidth = (int)context.Operand(operation.Value).Shape.D0;
        foreach (var sequence in context.Step.Sequences.Span)
        {
            if (row < sequence.FirstRow || row >= sequence.FirstRow + sequence.RowCount) continue;
            for (var head = 0; head < heads; head++)
            {
                var gathered = ReferenceAttentionBatch.Gather(operation, sequence.FirstRow, sequence.RowCount, head / group, context);
                Head(operation.Parameters, query.Row((long)row * heads + head, new double[width]), context.Step.Positions.Span[row],
                    gathered, sequence.RowCount, TensorType.F32, null, bounds.Slice(head * valueWidth, valueWidth));
            }
        }
    }

    private static void Head(AttentionParameters parameters, ReadOnlySpan<double> query, int position, ReadOnlySpan<double> gathered, int cells,
        TensorType keyType, double? sink, Span<double> bounds)
    {
        var width = query.Length;
        var keys = gathered[..(cells * width)];
        var values = gathered.Slice(cells * width, cells * bounds.Length);
        var positions = gathered[(cells * (width + bounds.Length))..];
        var errors = new double[width];
        // Only the halves are rounded to; eight-bit keys are no type of the reference.
        ActivationRounding.Errors(keyType, query, errors);
        var delta = 0.0;
        for (var c = 0; c < cells; c++)
        {
            if (!AttentionRow.Sees(parameters, position, (int)positions[c])) continue;
            double size = 0, rounding = 0;
            for (var i = 0; i < width; i++)
            {
                size += Math.Abs(query[i] * keys[c * width + i]);
                rounding += errors[i] * Math.Abs(keys[c * width + i]);
            }
            delta = Math.Max(delta, Math.Abs(parameters.Scale) * (rounding + (width + 12) * Tolerance.Unit * size));
        }
        if (parameters.SoftCap != 0) delta += parameters.SoftCap * Math.ScaleB(1, -22);
        var weights = new double[cells];
        AttentionRow.Weigh(parameters, query, position, keys, positions, sink, weights);
        var relative = Math.Exp(Math.Min(2 * delta, 300)) - 1 + (cells + 32) * Tolerance.Unit;
        for (var i = 0; i < bounds.Length; i++)
        {
            var size = 0.0;
            for (var c = 0; c < cells; c++)
                if (weights[c] != 0) size += weights[c] * Math.Abs(values[c * bounds.Length + i]);
            bounds[i] = relative * size + Tolerance.Floor;
        }
    }
}
