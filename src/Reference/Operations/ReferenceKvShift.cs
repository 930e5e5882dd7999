using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Cached keys rotated by the shift. Without the magnitude, which they carry already.</summary>
internal static class ReferenceKvShift
{
    public static void Run(KvShift operation, OperationContext context)
    {
        var cache = context.RequireCache(operation.Layer);
        var layer = cache.Spec.Layer(operation.Layer);
        var factors = context.Vector(operation.Factors, 1);
        var key = context.Scratch(0, layer.KeyWidth);
        foreach (var sequence in context.Step.Sequences.Span)
            for (var c = 0; c < sequence.CachedLength && sequence.PositionShift != 0; c++)
            {
                var (page, cell) = context.Locate(sequence, c);
                for (var head = 0; head < layer.Heads; head++)
                {
                    cache.Read(operation.Layer, KvPart.Keys, page, cell, head, key);
                    Rotation.Rotate(operation.Parameters, factors, sequence.PositionShift, magnitude: 1, key);
                    cache.Write(operation.Layer, KvPart.Keys, page, cell, head, key);
                }
            }
    }
}
