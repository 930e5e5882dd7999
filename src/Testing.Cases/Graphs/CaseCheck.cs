using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Hotplug.Testing.Data;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Graphs;

/// <summary>Runs cases of one operation on a device and compares with the reference.</summary>
public static class CaseCheck
{
    /// <summary>The reason why the device does not run a case with weights in a buffer type, or null if it does.</summary>
    public static string? Refusal(IDevice device, GraphCase graph, IBufferType? weightType)
    {
        foreach (var operation in graph.Operations)
        {
            var support = device.Supports(Query(graph, operation, weightType));
            if (!support.IsSupported) return support.Reason;
        }
        return null;
    }

    /// <summary>The question whether a device runs an operation of a case.</summary>
    public static OperationQuery Query(GraphCase graph, Operation operation, IBufferType? weightType) => new()
    {
        Operation = operation,
        Bounds = graph.Bounds,
        WeightBufferType = operation.Reads.Any(value => value.IsWeight) ? weightType : null,
        KvCache = operation.KvLayer is null ? null : graph.Cache,
    };

    /// <summary>Runs all steps of a case and compares outputs and cache.</summary>
    /// <returns>The largest difference of an output element as a share of what is allowed, 0 to 1.</returns>
    /// <exception cref="ExpectationException">They differ by more than the bounds allow.</exception>
    public static double Run(ITestMemory run, IDevice device, GraphCase graph, IBufferType? weightType = null, WeightPlace place = WeightPlace.Written,
        BufferUsage usage = BufferUsage.Weights)
    {
        var reference = new ReferenceRunner(graph);
        using var runner = new DeviceRunner(run, device, graph, weightType, place, weightUsage: usage);
        var before = graph.NewCache();
        var worst = 0.0;
        for (var i = 0; i < graph.Steps.Count; i++)
        {
            var step = graph.Steps[i];
            var expected = reference.Run(step);
            var actual = runner.Run(step);
            for (var o = 0; o < graph.Outputs.Count; o++)
            {
                ExpectWithin($"step {i} ({step}), output {graph.Outputs[o]}", expected[o].Elements, expected[o].Bounds, actual[o], graph.Outputs[o].Shape.Resolve(step.Extents));
                worst = Math.Max(worst, LargestShare(expected[o].Elements, expected[o].Bounds, actual[o]));
            }
            if (reference.Cache is { } cache) CompareCache(graph, step, before!, cache, runner.Cache!);
        }
        return worst;
    }

    private static double LargestShare(ReadOnlySpan<double> expected, ReadOnlySpan<double> bounds, ReadOnlySpan<float> actual)
    {
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
            // What has no room is right or wrong; what overflows is right as infinity.
            if (bounds[i] > 0 && Math.Abs(actual[i] - expected[i]) / bounds[i] is var share and <= 1) worst = Math.Max(worst, share);
        return worst;
    }

    /// <summary>Every element is within its bound.</summary>
    /// <exception cref="ExpectationException">One is not.</exception>
    public static void ExpectWithin(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> bounds, ReadOnlySpan<float> actual, TensorShape shape)
    {
        Expect.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}.");
        var at = Tolerance.FirstOutside(expected, actual, bounds);
        if (at >= 0)
            throw new ExpectationException($"{what} {shape}: element {at % Math.Max(1, shape.D0)} of row {at / Math.Max(1, shape.D0)} is {actual[at]:g9}, and must be {expected[at]:g9} ± {bounds[at]:g3}.");
    }

    private static void CompareCache(GraphCase graph, CaseStep step, ReferenceKvCache before, ReferenceKvCache expected, DeviceKvCache actual)
    {
        if (graph.Operations.OfType<KvShift>().FirstOrDefault() is not { } shift)
        {
            // Rounding to the type of the cache is to nearest, ties to even: there is one right answer.
            actual.ExpectSame(expected, "The cache after the step");
            return;
        }
        for (var page = 0; page < expected.PageCount; page++)
            foreach (var layer in expected.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                {
                    var what = $"{part} of layer {layer.Layer}, page {page}, after a shift";
                    var read = actual.Read(page, layer.Layer, part, 0, expected.Spec.PageTokens);
                    if (layer.Layer != shift.Layer || part != KvPart.Keys)
                        Expect.SameBytes(what, expected.Cells(page, layer.Layer, part, 0, expected.Spec.PageTokens), read);
                    else
                        CompareShifted(what, layer, page, step, before, expected, read);
                }
    }

    private static double[] Elements(KvLayerSpec layer, ReadOnlySpan<byte> bytes)
    {
        var elements = new double[bytes.Length / layer.KeyType.BlockBytes() * layer.KeyType.BlockLength()];
        ReferenceKvCache.Elements(layer.KeyType, bytes, elements);
        return elements;
    }

    // A code of a block, which may fall the other way; a little more, because the scale may too.
    private static double Step(TensorType type, ReadOnlySpan<double> block)
    {
        if (type.BlockLength() == 1) return 0;
        var largest = 0.0;
        foreach (var element in block[..type.BlockLength()]) largest = Math.Max(largest, Math.Abs(element));
        return 1.1 * largest / (type == TensorType.Q8_0 ? 127 : 7);
    }

    private static void CompareShifted(string what, KvLayerSpec layer, int page, CaseStep step, ReferenceKvCache before, ReferenceKvCache expected, byte[] read)
    {
        var old = Elements(layer, before.Cells(page, layer.Layer, KvPart.Keys, 0, before.Spec.PageTokens));
        var now = Elements(layer, expected.Cells(page, layer.Layer, KvPart.Keys, 0, expected.Spec.PageTokens));
        var found = Elements(layer, read);
        var largestShift = step.Sequences.Max(sequence => Math.Abs(sequence.PositionShift));
        var unit = layer.KeyType switch { TensorType.F32 => Tolerance.Unit, TensorType.BF16 => 1.0 / (1 << 8), _ => 1.0 / (1 << 11) };
        for (var vector = 0; vector < found.Length; vector += layer.KeyWidth)
        {
            var length = 0.0;
            for (var i = 0; i < layer.KeyWidth; i++) length += Math.Abs(old[vector + i]);
            for (var i = 0; i < layer.KeyWidth; i++)
            {
                var (wish, is_) = (now[vector + i], found[vector + i]);
                // No element of a rotated pair is off by more than the pair's size allows; one rounding to the type may fall the other way.
                var bound = double.IsNaN(length) ? 0 : RopeBounds.Pair(largestShift, length) + 2 * unit * Math.Abs(wish) + Step(layer.KeyType, now.AsSpan((vector + i) / 32 * 32));
                Expect.True(Tolerance.Accepts(wish, (float)is_, bound), $"{what}: element {i} of vector {vector / layer.KeyWidth} is {is_:g9}, and must be {wish:g9} ± {bound:g3}.");
            }
        }
    }
}
