using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>output[r] = table[row number r], dequantised.</summary>
internal static class ReferenceGetRows
{
    public static void Run(GetRows operation, OperationContext context)
    {
        var table = context.Operand(operation.Table);
        var output = context.Value(operation.Output);
        var rows = Rows(operation.Source, context.Step);
        var scratch = context.Scratch(0, table.Shape.D0);
        for (var r = 0; r < rows.Length; r++) table.Row(rows[r], scratch).CopyTo(output.Row(r));
    }

    public static ReadOnlySpan<int> Rows(RowSource source, in ReferenceStep step) => source switch
    {
        RowSource.TokenIds => step.TokenIds.Span,
        RowSource.Positions => step.Positions.Span,
        RowSource.OutputRows => step.OutputRows.Span,
        _ => throw new NotSupportedException($"Row source {source} has no reference."),
    };
}
