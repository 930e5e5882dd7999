using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Attention among the rows of each sequence of the step.</summary>
internal static class ReferenceAttentionBatch
{
    public static void Run(AttentionBatch operation, OperationContext context)
    {
        var query = context.Operand(operation.Query);
        var output = context.Value(operation.Output);
        var (heads, width) = ((int)query.Shape.D1, (int)query.Shape.D0);
        var keyHeads = (int)context.Operand(operation.Key).Shape.D1;
        var valueWidth = (int)context.Operand(operation.Value).Shape.D0;
        foreach (var sequence in context.Step.Sequences.Span)
        {
            Span<double> gathered = default;
            var rows = sequence.RowCount;
            for (var head = 0; head < heads; head++)
            {
                if (head % (heads / keyHeads) == 0) gathered = Gather(operation, sequence.FirstRow, rows, head / (heads / keyHeads), context);
                var keys = gathered[..(rows * width)];
                var values = gathered.Slice(rows * width, rows * valueWidth);
                var positions = gathered[(rows * (width + valueWidth))..];
                for (var r = 0; r < rows; r++)
                {
                    var row = sequence.FirstRow + r;
                    var weights = context.Scratch(2, rows);
                    AttentionRow.Weigh(operation.Parameters, query.Row((long)row * heads + head, context.Scratch(3, width)),
                        context.Step.Positions.Span[row], keys, positions, sink: null, weights);
                    AttentionRow.Combine(weights, values, output.Row(row).Slice(head * valueWidth, valueWidth));
                }
            }
        }
    }

    /// <summary>All keys, then all values, then all positions of some rows, for one KV head, in scratch 0.</summary>
    public static Span<double> Gather(AttentionBatch operation, int firstRow, int rows, int head, OperationContext context)
    {
        var key = context.Operand(operation.Key);
        var value = context.Operand(operation.Value);
        var (keyWidth, valueWidth, heads) = ((int)key.Shape.D0, (int)value.Shape.D0, key.Shape.D1);
        var gathered = context.Scratch(0, (long)rows * (keyWidth + valueWidth + 1));
        var values = gathered[(rows * keyWidth)..];
        var positions = values[(rows * valueWidth)..];
        for (var r = 0; r < rows; r++)
        {
            var row = (firstRow + r) * heads + head;
            key.Row(row, context.Scratch(1, keyWidth)).CopyTo(gathered[(r * keyWidth)..]);
            value.Row(row, context.Scratch(1, valueWidth)).CopyTo(values[(r * valueWidth)..]);
            positions[r] = context.Step.Positions.Span[firstRow + r];
        }
        return gathered;
    }
}
