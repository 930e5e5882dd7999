using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>output[j, t] = Σ_i weight[i, j]·input[i, t] + bias[j].</summary>
internal static class ReferenceMatMul
{
    public static void Run(MatMul operation, OperationContext context)
    {
        var weight = context.Operand(operation.Weight);
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var scratch = context.Scratch(0, weight.Shape.D0);
        var bias = context.Vector(operation.Bias, 1);
        var column = context.Scratch(2, input.Shape.D0);
        // Weight rows outside, so that each is converted once.
        for (var j = 0; j < weight.Shape.D1; j++)
        {
            var row = weight.Row(j, scratch);
            for (var t = 0L; t < input.Shape.RowCount; t++)
                output.Row(t)[j] = DotProduct.Of(row, input.Row(t, column)) + (bias.IsEmpty ? 0 : bias[j]);
        }
    }
}
