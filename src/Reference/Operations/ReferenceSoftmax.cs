using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Softmax over rows.</summary>
internal static class ReferenceSoftmax
{
    public static void Run(Softmax operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var y = output.Row(r);
            input.Row(r, context.Scratch(0, y.Length)).CopyTo(y);
            InPlace(y);
        }
    }

    public static void InPlace(Span<double> row)
    {
        var largest = double.NegativeInfinity;
        foreach (var x in row) largest = Math.Max(largest, x);
        var sum = 0.0;
        foreach (ref var x in row)
        {
            x = Math.Exp(x - largest);
            sum += x;
        }
        foreach (ref var x in row) x /= sum;
    }
}
