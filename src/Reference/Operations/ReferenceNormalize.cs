using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>y = x / max(√Σx², ε).</summary>
internal static class ReferenceNormalize
{
    public static void Run(Normalize operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var x = input.Row(r, context.Scratch(0, input.Shape.D0));
            var y = output.Row(r);
            var divisor = Math.Max(Math.Sqrt(DotProduct.Of(x, x)), operation.Epsilon);
            for (var i = 0; i < x.Length; i++) y[i] = x[i] / divisor;
        }
    }
}
