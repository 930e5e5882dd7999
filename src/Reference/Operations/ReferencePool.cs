using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>One row of each sequence's rows; zeros for a sequence without rows.</summary>
internal static class ReferencePool
{
    public static void Run(Pool operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var sequences = context.Step.Sequences.Span;
        var scratch = context.Scratch(0, input.Shape.D0);
        for (var s = 0; s < sequences.Length; s++)
        {
            var (first, count) = (sequences[s].FirstRow, sequences[s].RowCount);
            var y = output.Row(s);
            y.Clear();
            if (count == 0) continue;
            if (operation.Kind == Pooling.First) count = 1;
            if (operation.Kind == Pooling.Last) (first, count) = (first + count - 1, 1);
            for (var r = first; r < first + count; r++)
            {
                var x = input.Row(r, scratch);
                for (var i = 0; i < y.Length; i++) y[i] += x[i];
            }
            foreach (ref var element in y) element /= count;
        }
    }
}
