using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Cases of attention and of the KV cache.</summary>
internal static class AttentionCases
{
    /// <summary>Rows appended to a cache, or attention over it: one to three sequences at different lengths, their pages in random order.</summary>
    public static GraphCase Cached(string kind, Random random, DeviceInfo device)
    {
        var shape = new HeadShape(random);
        var spec = Spec(random, device, shape);
        var (sequences, pages, tokens) = Sequences(random, device.KvPageTokens, rows: true);
        var bounds = new StepBounds { Tokens = tokens + random.Next(3), OutputRows = 1, Sequences = sequences.Length, Context = sequences.Max(s => s.CachedLength + s.RowCount) };
        var build = new CaseBuilder($"{kind} {spec.Layers[0].KeyType}/{spec.Layers[0].ValueType} {shape}", random, bounds);
        var layer = spec.Layers[^1].Layer;
        var key = build.Input(new SymbolicShape(shape.KeyWidth, shape.Heads, Dimension.Tokens));
        var value = build.Input(new SymbolicShape(shape.ValueWidth, shape.Heads, Dimension.Tokens));
        build.Add(new KvAppend(key, value, layer));
        var outputs = new List<GraphValue>();
        if (kind == nameof(Attention))
        {
            var queryHeads = shape.Heads * random.Next(1, 4);
            var query = build.Input(new SymbolicShape(shape.KeyWidth, queryHeads, Dimension.Tokens));
            var sinks = random.Next(3) == 0 ? build.Weight(new(queryHeads), _ => random.NextSingle() * 2 - 1) : null;
            outputs.Add(build.Value(new SymbolicShape((long)shape.ValueWidth * queryHeads, Dimension.Tokens)));
            build.Add(new Attention(query, sinks, layer, Parameters(random, shape.KeyWidth), outputs[0]));
        }
        build.Cache = spec;
        build.PageCount = pages.Max() + 1;
        build.Fill = Content(random.Next(), sequences, pages);
        return build.Build([Step(random, sequences, pages, tokens)], outputs);
    }

    /// <summary>Attention among rows of a step.</summary>
    public static GraphCase Batch(CaseBuilder build)
    {
        var random = build.Random;
        var shape = new HeadShape(random);
        var queryHeads = shape.Heads * random.Next(1, 4);
        var query = build.Input(new SymbolicShape(shape.KeyWidth, queryHeads, Dimension.Tokens));
        var key = build.Input(new SymbolicShape(shape.KeyWidth, shape.Heads, Dimension.Tokens));
        var value = build.Input(new SymbolicShape(shape.ValueWidth, shape.Heads, Dimension.Tokens));
        var output = build.Value(new SymbolicShape((long)shape.ValueWidth * queryHeads, Dimension.Tokens));
        return build.Add(new AttentionBatch(query, key, value, Parameters(random, shape.KeyWidth), output)).Build(OperationCases.Steps(build), output);
    }

    /// <summary>Cached keys moved to other positions.</summary>
    public static GraphCase Shift(Random random, DeviceInfo device)
    {
        var shape = new HeadShape(random);
        if (shape.KeyWidth % 2 != 0) shape = shape with { KeyWidth = shape.KeyWidth + 1 };
        var spec = Spec(random, device, shape);
        var (sequences, pages, _) = Sequences(random, device.KvPageTokens, rows: false);
        for (var i = 0; i < sequences.Length; i++) sequences[i] = sequences[i] with { PositionShift = random.Next(-20, 21) };
        var bounds = new StepBounds { Tokens = 1, OutputRows = 1, Sequences = sequences.Length, Context = Math.Max(1, sequences.Max(s => s.CachedLength)) };
        var build = new CaseBuilder($"{nameof(KvShift)} {spec.Layers[0].KeyType} {shape}", random, bounds);
        build.Add(new KvShift(null, RowCases.Rotation(random, shape.KeyWidth), spec.Layers[0].Layer));
        build.Cache = spec;
        build.PageCount = pages.Max() + 1;
        build.Fill = Content(random.Next(), sequences, pages);
        return build.Build([new CaseStep { Sequences = sequences, Pages = pages }], []);
    }

    /// <summary>A cache of two layers of the shape, in types of the device.</summary>
    internal static KvCacheSpec Spec(Random random, DeviceInfo device, HeadShape shape, TensorType? keyType = null, TensorType? valueType = null)
    {
        // A device without a cache is asked all the same, and refuses.
        TensorType[] known = [.. device.KvTypes.Where(type => ReferenceKvCache.Types.Contains(type) && shape.KeyWidth % type.BlockLength() == 0 && shape.ValueWidth % type.BlockLength() == 0)
            .DefaultIfEmpty(TensorType.F32)];
        var (key, value) = (keyType ?? known[random.Next(known.Length)], valueType ?? known[random.Next(known.Length)]);
        var first = random.Next(5);
        return new KvCacheSpec
        {
            PageTokens = device.KvPageTokens,
            Layers = [.. new[] { first, first + 3 }.Select(layer => new KvLayerSpec
            {
                Layer = layer,
                Heads = shape.Heads,
                KeyWidth = shape.KeyWidth,
                ValueWidth = shape.ValueWidth,
                KeyType = key,
                ValueType = value,
            })],
        };
    }

    /// <summary>Fills what sequences may see with numbers and everything else with NaN.</summary>
    internal static Action<ReferenceKvCache> Content(int seed, IReadOnlyList<SequenceStep> sequences, IReadOnlyList<int> pages) => cache =>
    {
        var random = new Random(seed);
        var tokens = cache.Spec.PageTokens;
        for (var page = 0; page < cache.PageCount; page++)
            foreach (var layer in cache.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                    cache.Cells(page, layer.Layer, part, 0, tokens).Fill(0xFF);
        foreach (var sequence in sequences)
            for (var cell = 0; cell < sequence.CachedLength; cell++)
                foreach (var layer in cache.Spec.Layers)
                    for (var head = 0; head < layer.Heads; head++)
                    {
                        Write(layer.Layer, KvPart.Keys, layer.KeyWidth);
                        Write(layer.Layer, KvPart.Values, layer.ValueWidth);

                        void Write(int number, KvPart part, int width)
                        {
                            var vector = new double[width];
                            foreach (ref var element in vector.AsSpan()) element = random.NextDouble() * 2 - 1;
                            cache.Write(number, part, pages[sequence.FirstPage + cell / tokens], cell % tokens, head, vector);
                        }
                    }
    };

    /// <summary>The step of some sequences.</summary>
    internal static CaseStep Step(Random random, SequenceStep[] sequences, int[] pages, int tokens) => new()
    {
        TokenIds = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(100))],
        Positions = [.. sequences.SelectMany(s => Enumerable.Range(s.FirstPosition + s.CachedLength, s.RowCount))],
        OutputRows = tokens == 0 ? [] : [tokens - 1],
        Sequences = sequences,
        Pages = pages,
    };

    private static (SequenceStep[] Sequences, int[] Pages, int Tokens) Sequences(Random random, int pageTokens, bool rows)
    {
        var sequences = new SequenceStep[random.Next(1, 4)];
        var (tokens, pages) = (0, 0);
        for (var i = 0; i < sequences.Length; i++)
        {
            var count = rows ? random.Next(1, 7) : 0;
            // About page boundaries most often.
            var cached = random.Next(3) switch { 0 => pageTokens * random.Next(0, 3), 1 => Math.Max(0, pageTokens * random.Next(1, 3) - random.Next(1, 4)), _ => random.Next(0, 3 * pageTokens) };
            var needed = Math.Max(1, (cached + count + pageTokens - 1) / pageTokens);
            sequences[i] = new SequenceStep { FirstRow = tokens, RowCount = count, FirstPage = pages, PageCount = needed, CachedLength = cached, FirstPosition = random.Next(2) * random.Next(50) };
            tokens += count;
            pages += needed;
        }
        // One page more than needed stays unused somewhere.
        return (sequences, [.. Enumerable.Range(0, pages + 1).OrderBy(_ => random.Next()).Take(pages)], tokens);
    }

    private static AttentionParameters Parameters(Random random, int width) => new()
    {
        Scale = 1f / MathF.Sqrt(width),
        Causal = random.Next(4) != 0,
        Window = random.Next(3) == 0 ? random.Next(1, 12) : 0,
        SoftCap = random.Next(4) == 0 ? 20f : 0,
    };
}
