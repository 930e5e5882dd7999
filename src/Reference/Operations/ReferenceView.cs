using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>The same elements in order, from a row on, under another shape.</summary>
internal static class ReferenceView
{
    public static void Run(View operation, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var output = context.Value(operation.Output);
        var (inputWidth, outputWidth) = (input.Shape.D0, output.Shape.D0);
        var first = operation.FirstRow * inputWidth;
        var scratch = context.Scratch(0, inputWidth);
        for (var r = 0L; r < output.Shape.RowCount; r++)
        {
            var y = output.Row(r);
            for (var i = 0; i < y.Length;)
            {
                var element = first + r * outputWidth + i;
                var run = input.Row(element / inputWidth, scratch)[(int)(element % inputWidth)..];
                run = run[..Math.Min(run.Length, y.Length - i)];
                run.CopyTo(y[i..]);
                i += run.Length;
            }
        }
    }
}
