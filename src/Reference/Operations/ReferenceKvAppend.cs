using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Row r of a sequence goes to cell CachedLength + r of its page list.</summary>
internal static class ReferenceKvAppend
{
    public static void Run(KvAppend operation, OperationContext context)
    {
        var cache = context.RequireCache(operation.Layer);
        var keys = context.Operand(operation.Key);
        var values = context.Operand(operation.Value);
        var heads = cache.Spec.Layer(operation.Layer).Heads;
        var keyScratch = context.Scratch(0, keys.Shape.D0);
        var valueScratch = context.Scratch(1, values.Shape.D0);
        foreach (var sequence in context.Step.Sequences.Span)
            for (var r = 0; r < sequence.RowCount; r++)
            {
                var (page, cell) = context.Locate(sequence, sequence.CachedLength + r);
                for (var head = 0; head < heads; head++)
                {
                    var row = (long)(sequence.FirstRow + r) * heads + head;
                    cache.Write(operation.Layer, KvPart.Keys, page, cell, head, keys.Row(row, keyScratch));
                    cache.Write(operation.Layer, KvPart.Values, page, cell, head, values.Row(row, valueScratch));
                }
            }
    }
}
