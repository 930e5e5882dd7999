using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Per row the largest element, ties to the lower index; NaN is below every number.</summary>
internal static class ReferenceArgMax
{
    public static void Run(ArgMax operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var (ids, values) = (context.Value(operation.Ids), context.Value(operation.Values));
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var x = input.Row(r, context.Scratch(0, input.Shape.D0));
            var best = 0;
            for (var i = 1; i < x.Length; i++)
                if (x[i] > x[best] || (double.IsNaN(x[best]) && !double.IsNaN(x[i]))) best = i;
            At(ids, r) = best;
            At(values, r) = x.IsEmpty ? double.NaN : x[best];
        }
    }

    // ids[o] may be shaped [o] or [1, o]: element r either way.
    private static ref double At(ReferenceValue value, long element)
        => ref value.Row(element / value.Shape.D0)[(int)(element % value.Shape.D0)];
}
