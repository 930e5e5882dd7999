using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>output[j, t] = Σ_u weights[u, t]·input[j, u, t].</summary>
internal static class ReferenceCombineExperts
{
    public static void Run(CombineExperts operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var weights = context.Operand(operation.Weights);
        var output = context.Value(operation.Output);
        var used = weights.Shape.D0;
        var scratch = context.Scratch(0, input.Shape.D0);
        for (var t = 0L; t < output.Shape.RowCount; t++)
        {
            var w = weights.Row(t, context.Scratch(1, used));
            var y = output.Row(t);
            y.Clear();
            for (var u = 0; u < used; u++)
            {
                var x = input.Row(t * used + u, scratch);
                for (var j = 0; j < y.Length; j++) y[j] += w[u] * x[j];
            }
        }
    }
}
