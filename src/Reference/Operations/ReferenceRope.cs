using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Each head of each row rotated by the row's position.</summary>
internal static class ReferenceRope
{
    public static void Run(Rope operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var factors = context.Vector(operation.Factors, 1);
        var magnitude = Rotation.Magnitude(operation.Parameters);
        var heads = input.Shape.D1;
        var positions = context.Step.Positions.Span;
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var y = output.Row(r);
            input.Row(r, context.Scratch(0, y.Length)).CopyTo(y);
            Rotation.Rotate(operation.Parameters, factors, positions[(int)(r / heads)], magnitude, y);
        }
    }
}
