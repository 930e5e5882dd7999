using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>y = x / √(mean(x²) + ε) · w.</summary>
internal static class ReferenceRmsNorm
{
    public static void Run(RmsNorm operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var weight = context.Vector(operation.Weight, 1);
        var scratch = context.Scratch(0, input.Shape.D0);
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var x = input.Row(r, scratch);
            var y = output.Row(r);
            var factor = 1 / Math.Sqrt(DotProduct.Of(x, x) / x.Length + operation.Epsilon);
            for (var i = 0; i < x.Length; i++) y[i] = x[i] * factor * (weight.IsEmpty ? 1 : weight[i]);
        }
    }
}
