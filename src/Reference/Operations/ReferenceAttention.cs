using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Attention over the cells of each sequence's page list.</summary>
internal static class ReferenceAttention
{
    public static void Run(Attention operation, OperationContext context)
    {
        var layer = context.RequireCache(operation.Layer).Spec.Layer(operation.Layer);
        var query = context.Operand(operation.Query);
        var output = context.Value(operation.Output);
        var sinks = operation.Sinks is null ? null : context.Operand(operation.Sinks);
        var heads = (int)query.Shape.D1;
        var group = heads / layer.Heads;
        var (keyWidth, valueWidth) = (layer.KeyWidth, layer.ValueWidth);
        foreach (var sequence in context.Step.Sequences.Span)
        {
            var cells = sequence.CachedLength + sequence.RowCount;
            Span<double> gathered = default;
            for (var head = 0; head < heads; head++)
            {
                if (head % group == 0) gathered = Gather(operation.Layer, sequence, head / group, cells, context);
                var keys = gathered[..(cells * keyWidth)];
                var values = gathered.Slice(cells * keyWidth, cells * valueWidth);
                var positions = gathered[(cells * (keyWidth + valueWidth))..];
                var sink = sinks is null ? (double?)null : sinks.Row(0, context.Scratch(1, heads))[head];
                for (var r = 0; r < sequence.RowCount; r++)
                {
                    var row = sequence.FirstRow + r;
                    var weights = context.Scratch(2, cells);
                    AttentionRow.Weigh(operation.Parameters, query.Row((long)row * heads + head, context.Scratch(3, keyWidth)),
                        context.Step.Positions.Span[row], keys, positions, sink, weights);
                    AttentionRow.Combine(weights, values, output.Row(row).Slice(head * valueWidth, valueWidth));
                }
            }
        }
    }

    /// <summary>All keys, then all values, then all positions of a sequence's cells, for one KV head, in scratch 0.</summary>
    public static Span<double> Gather(int layer, SequenceStep sequence, int head, int cells, OperationContext context)
    {
        var entry = context.Cache!.Spec.Layer(layer);
        var gathered = context.Scratch(0, (long)cells * (entry.KeyWidth + entry.ValueWidth + 1));
        var values = gathered[(cells * entry.KeyWidth)..];
        var positions = values[(cells * entry.ValueWidth)..];
        for (var c = 0; c < cells; c++)
        {
            var (page, cell) = context.Locate(sequence, c);
            context.Cache.Read(layer, KvPart.Keys, page, cell, head, gathered.Slice(c * entry.KeyWidth, entry.KeyWidth));
            context.Cache.Read(layer, KvPart.Values, page, cell, head, values.Slice(c * entry.ValueWidth, entry.ValueWidth));
            positions[c] = sequence.FirstPosition + c;
        }
        return gathered;
    }
}
