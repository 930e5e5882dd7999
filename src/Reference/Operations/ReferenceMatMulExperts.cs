using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>output[j, u, t] = Σ_i weight[i, j, e]·input[i, u or 0, t] + bias[j, e] with e = ids[u, t].</summary>
internal static class ReferenceMatMulExperts
{
    public static void Run(MatMulExperts operation, OperationContext context)
    {
        var weight = context.Operand(operation.Weight);
        var bias = operation.Bias is null ? null : context.Operand(operation.Bias);
        var input = context.Operand(operation.Input);
        var ids = context.Operand(operation.Ids);
        var output = context.Value(operation.Output);
        var (rows, used) = (weight.Shape.D1, ids.Shape.D0);
        var scratch = context.Scratch(0, weight.Shape.D0);
        var biasRow = context.Scratch(1, rows);
        var column = context.Scratch(2, input.Shape.D0);
        var chosen = context.Scratch(3, used);
        for (var t = 0L; t < ids.Shape.D1; t++)
        {
            var experts = ids.Row(t, chosen);
            for (var u = 0; u < used; u++)
            {
                var expert = (long)experts[u];
                var x = input.Row(input.Shape.D1 == 1 ? t : t * used + u, column);
                var y = output.Row(t * used + u);
                var b = bias is null ? default : bias.Row(expert, biasRow);
                for (var j = 0; j < rows; j++)
                    y[j] = DotProduct.Of(weight.Row(expert * rows + j, scratch), x) + (b.IsEmpty ? 0 : b[j]);
            }
        }
    }
}
