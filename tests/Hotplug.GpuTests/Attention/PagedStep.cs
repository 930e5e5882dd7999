using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;

namespace Hotplug.GpuTests.Attention;

/// <summary>A random step over a paged cache: sequences of some lengths, pages in random order, some shared, what nobody may see not a number.</summary>
internal sealed class PagedStep
{
    public PagedStep(Random random, KvLayerSpec layer, int pageTokens, bool rows, params (int Cached, int Rows)[] lengths)
    {
        Random = random;
        // A layer before it, so that offsets are not 0, and of another shape.
        Spec = new KvCacheSpec { PageTokens = pageTokens, Layers = [layer with { Layer = layer.Layer - 1, Heads = 1, KeyWidth = 3 }, layer] };
        Layer = layer;
        var (tokens, entries) = (0, 0);
        Sequences = new SequenceStep[lengths.Length];
        for (var i = 0; i < lengths.Length; i++)
        {
            var (cached, count) = (lengths[i].Cached, rows ? lengths[i].Rows : 0);
            var pages = Math.Max(1, (cached + count + pageTokens - 1) / pageTokens);
            Sequences[i] = new SequenceStep
            {
                FirstRow = tokens,
                RowCount = count,
                FirstPage = entries,
                PageCount = pages,
                CachedLength = cached,
                FirstPosition = random.Next(2) * random.Next(1, 50),
                PositionShift = random.Next(-20, 21),
            };
            tokens += count;
            entries += pages;
        }
        Pages = [.. Enumerable.Range(0, entries + 2).OrderBy(_ => random.Next()).Take(entries)];
        // The second sequence shares the full pages of the first's prefix.
        if (rows && lengths.Length > 1)
            for (var p = 0; p < Math.Min(Sequences[0].CachedLength, Sequences[1].CachedLength) / pageTokens; p++) Pages[Sequences[1].FirstPage + p] = Pages[p];
        PageCount = entries + 2;
        Positions = [.. Sequences.SelectMany(s => Enumerable.Range(s.FirstPosition + s.CachedLength, s.RowCount))];
        Cache = new ReferenceKvCache(Spec, PageCount);
        Fill();
    }

    public Random Random { get; }
    public KvCacheSpec Spec { get; }
    public KvLayerSpec Layer { get; }
    public SequenceStep[] Sequences { get; }
    public int[] Pages { get; }
    public int PageCount { get; }
    public int[] Positions { get; }
    public ReferenceKvCache Cache { get; }
    public int Rows => Positions.Length;

    public ReferenceStep ForReference => new() { TokenIds = Positions, Positions = Positions, Sequences = Sequences, Pages = Pages };

    public StepBounds Bounds => new()
    {
        Tokens = Math.Max(1, Rows),
        OutputRows = 1,
        Sequences = Sequences.Length,
        Context = Math.Max(1, Sequences.Max(s => s.CachedLength + s.RowCount)),
    };

    public StepView Upload(DeviceArrays arrays)
    {
        var sequences = new int[Sequences.Length * StepTables.SequenceWords];
        StepTables.FillSequences(Sequences, sequences);
        var rows = new int[Rows];
        StepTables.FillRows(Sequences, rows);
        return new StepView { Sequences = arrays.Upload(sequences), RowSequences = arrays.Upload(rows), Positions = arrays.Upload(Positions), Pages = arrays.Upload(Pages) };
    }

    public float[] Numbers(long count, float scale = 1)
    {
        var numbers = new float[count];
        foreach (ref var number in numbers.AsSpan()) number = (Random.NextSingle() * 2 - 1) * scale;
        return numbers;
    }

    private void Fill()
    {
        for (var page = 0; page < PageCount; page++)
            foreach (var layer in Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                    Cache.Cells(page, layer.Layer, part, 0, Spec.PageTokens).Fill(0xFF);
        foreach (var sequence in Sequences)
            for (var cell = 0; cell < sequence.CachedLength; cell++)
                for (var head = 0; head < Layer.Heads; head++)
                {
                    var page = Pages[sequence.FirstPage + cell / Spec.PageTokens];
                    Cache.Write(Layer.Layer, KvPart.Keys, page, cell % Spec.PageTokens, head, Vector(Layer.KeyWidth));
                    Cache.Write(Layer.Layer, KvPart.Values, page, cell % Spec.PageTokens, head, Vector(Layer.ValueWidth));
                }
    }

    private double[] Vector(int width) => [.. Enumerable.Range(0, width).Select(_ => Random.NextDouble() * 2 - 1)];

    public static KvLayerSpec LayerOf(int heads, int keyWidth, int valueWidth, TensorType keyType, TensorType valueType)
        => new() { Layer = 3, Heads = heads, KeyWidth = keyWidth, ValueWidth = valueWidth, KeyType = keyType, ValueType = valueType };
}
