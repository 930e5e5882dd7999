using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.Testing.Graphs;

/// <summary>Small models of the usual kind, with everything a real one has: embedding, norms, rotated and grouped heads, cache, gates, chosen rows, logits.</summary>
public static class ModelCases
{
    private const int Embedding = 64, Heads = 4, KvHeads = 2, Width = 16, Hidden = 96, Vocabulary = 48;

    /// <summary>Makes a model with two sequences: a step that begins both, one that continues one, one that continues both.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="device">The device it is for.</param>
    /// <param name="weightType">Type of the matrices; rows of a type with blocks of 256 are lengthened.</param>
    /// <param name="cacheType">Type of keys and values.</param>
    /// <param name="layers">Layers.</param>
    public static GraphCase Make(Random random, DeviceInfo device, TensorType weightType, TensorType cacheType = TensorType.F32, int layers = 2)
    {
        var (embedding, hidden) = weightType.BlockLength() > 64 ? (256, 256) : (Embedding, Hidden);
        var spec = new KvCacheSpec
        {
            PageTokens = device.KvPageTokens,
            Layers = [.. Enumerable.Range(0, layers).Select(layer => new KvLayerSpec { Layer = layer, Heads = KvHeads, KeyWidth = Width, ValueWidth = Width, KeyType = cacheType, ValueType = cacheType })],
        };
        // Sequence A: 5 tokens, then 1, then 1. Sequence B: 3, then none, then 2.
        var plan = new StepPlan(device.KvPageTokens, random, [(5, 3), (1, 0), (1, 2)]);
        var build = new CaseBuilder($"Model of {weightType} with a {cacheType} cache", random,
            new StepBounds { Tokens = 8, OutputRows = 3, Sequences = 2, Context = plan.Context }) { Cache = spec, PageCount = plan.PageCount };
        Dimension n = Dimension.Tokens, o = Dimension.OutputRows;

        var x = build.Value(new(embedding, n));
        build.Add(new GetRows(Matrix(embedding, Vocabulary), RowSource.TokenIds, x));
        for (var layer = 0; layer < layers; layer++)
        {
            var normed = Norm(x, n);
            // Normalised before they meet: with random weights the softmax would be a step, and rounding would decide it.
            var q = Rotate(Even(Heads3(Product(normed, embedding, Heads * Width, n, bias: true), Heads), Heads), Heads);
            var k = Rotate(Even(Heads3(Product(normed, embedding, KvHeads * Width, n), KvHeads), KvHeads), KvHeads);
            var v = Heads3(Product(normed, embedding, KvHeads * Width, n), KvHeads);
            build.Add(new KvAppend(k, v, layer));
            var attended = build.Value(new(Heads * Width, n));
            build.Add(new Attention(q, null, layer, new AttentionParameters { Scale = 0.25f }, attended));
            // Heads make 64 elements, which a type with blocks of 256 cannot have as a row.
            x = Sum(x, Product(attended, Heads * Width, embedding, n, type: weightType.BlockLength() > 64 ? TensorType.Q8_0 : weightType), n);
            var second = Norm(x, n);
            var gated = build.Value(new(hidden, n));
            build.Add(new Gated(Product(second, embedding, hidden, n), Product(second, embedding, hidden, n), Activation.Silu, gated));
            x = Sum(x, Product(gated, hidden, embedding, n), n);
        }
        var chosen = build.Value(new(embedding, o));
        build.Add(new GetRows(x, RowSource.OutputRows, chosen));
        var logits = Product(Norm(chosen, o), embedding, Vocabulary, o);
        return build.Build(plan.Steps(Vocabulary), [logits]);

        GraphValue Matrix(int k, int m, TensorType? type = null) => build.Weight(type ?? weightType, new(k, m), BlockKind.Ordinary);

        GraphValue Norm(GraphValue input, Dimension rows)
        {
            var output = build.Value(new(embedding, rows));
            build.Add(new RmsNorm(input, build.Weight(new(embedding), _ => 0.5f + random.NextSingle()), 1e-5f, output));
            return output;
        }

        GraphValue Product(GraphValue input, int k, int m, Dimension rows, bool bias = false, TensorType? type = null)
        {
            var output = build.Value(new(m, rows));
            build.Add(new MatMul(Matrix(k, m, type), input, bias ? build.Weight(TensorType.F32, new(m)) : null, output));
            return output;
        }

        GraphValue Heads3(GraphValue input, int heads)
        {
            var output = build.Value(new(Width, heads, n));
            build.Add(new View(input, 0, output));
            return output;
        }

        GraphValue Even(GraphValue input, int heads)
        {
            var output = build.Value(new(Width, heads, n));
            build.Add(new RmsNorm(input, null, 1e-6f, output));
            return output;
        }

        GraphValue Rotate(GraphValue input, int heads)
        {
            var output = build.Value(new(Width, heads, n));
            build.Add(new Rope(input, null, new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = Width }, output));
            return output;
        }

        GraphValue Sum(GraphValue left, GraphValue right, Dimension rows)
        {
            var output = build.Value(new(embedding, rows));
            build.Add(new Add(left, right, output));
            return output;
        }
    }

    /// <summary>Matrix types that make models worth running: exact, half, small blocks and large ones.</summary>
    public static IReadOnlyList<TensorType> WeightTypes { get; } = [TensorType.F32, TensorType.F16, TensorType.Q8_0, TensorType.Q4_1, TensorType.Q6_K];
}
