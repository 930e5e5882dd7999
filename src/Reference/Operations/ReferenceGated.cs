using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>act(gate)·up, or with a limit act(min(gate, L))·(clamp(up, −L, L) + 1).</summary>
internal static class ReferenceGated
{
    public static void Run(Gated operation, OperationContext context)
    {
        var (gate, up) = (context.Operand(operation.Gate), context.Operand(operation.Up));
        var output = context.Value(operation.Output);
        for (var r = 0L; r < gate.Shape.RowCount; r++)
        {
            var g = gate.Row(r, context.Scratch(0, gate.Shape.D0));
            var u = up.Row(r, context.Scratch(1, up.Shape.D0));
            var y = output.Row(r);
            for (var i = 0; i < y.Length; i++)
            {
                var (x, factor) = Limited(operation, g[i], u[i]);
                y[i] = Activations.Apply(operation.Function, operation.Alpha, x) * factor;
            }
        }
    }

    /// <summary>What the activation is applied to, and the factor on it.</summary>
    public static (double Gate, double Factor) Limited(Gated operation, double gate, double up) => operation.Limit > 0
        ? (Math.Min(gate, operation.Limit), Math.Clamp(up, -operation.Limit, operation.Limit) + 1)
        : (gate, up);
}
