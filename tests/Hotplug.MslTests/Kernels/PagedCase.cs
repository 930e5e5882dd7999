using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.KvCache;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>A random step over a paged cache in several buffers; what nobody may see is not a number.</summary>
internal sealed class PagedCase
{
    public const int Number = 3;

    public PagedCase(Random random, KvLayerSpec layer, int pageTokens, int buffers, params (int Cached, int Rows)[] lengths)
    {
        Layer = layer with { Layer = Number };
        // A layer before it, so that offsets are not 0, and of another shape.
        var spec = new KvCacheSpec { PageTokens = pageTokens, Layers = [Layer with { Layer = 1, Heads = 1, KeyWidth = 3 }, Layer] };
        var sequences = new SequenceStep[lengths.Length];
        var (tokens, entries) = (0, 0);
        for (var i = 0; i < lengths.Length; i++)
        {
            var (cached, rows) = lengths[i];
            sequences[i] = new SequenceStep
            {
                FirstRow = tokens, RowCount = rows, FirstPage = entries, PageCount = Math.Max(1, (cached + rows + pageTokens - 1) / pageTokens), CachedLength = cached,
                FirstPosition = random.Next(2) * random.Next(1, 50), PositionShift = random.Next(4) == 0 ? 0 : random.Next(-20, 21),
            };
            tokens += rows;
            entries += sequences[i].PageCount;
        }
        Pages = [.. Enumerable.Range(0, entries + 2).OrderBy(_ => random.Next()).Take(entries)];
        Positions = [.. sequences.SelectMany(s => Enumerable.Range(s.FirstPosition + s.CachedLength, s.RowCount))];
        Step = new ReferenceStep { TokenIds = Positions, Positions = Positions, Sequences = sequences, Pages = Pages };
        Cache = new ReferenceKvCache(spec, entries + 2);
        PagesPerBuffer = (Cache.PageCount + buffers - 1) / buffers;
        Layout = new KvPageLayout(spec, 64);
        Fill(random);
    }

    public KvLayerSpec Layer { get; }
    public int[] Pages { get; }
    public int[] Positions { get; }
    public ReferenceStep Step { get; }
    public ReferenceKvCache Cache { get; }
    public KvPageLayout Layout { get; }
    public int PagesPerBuffer { get; }
    public int BufferCount => (Cache.PageCount + PagesPerBuffer - 1) / PagesPerBuffer;

    /// <summary>The pool's buffers with what the reference's cache holds now.</summary>
    public byte[][] Upload()
    {
        var buffers = new byte[BufferCount][];
        for (var b = 0; b < buffers.Length; b++) buffers[b] = new byte[PagesPerBuffer * Layout.PageBytes];
        ForEach((page, layer, part, place) => place.Scatter(Cache.Cells(page, layer, part, 0, Cache.Spec.PageTokens), 0, At(buffers, page, place)));
        return buffers;
    }

    /// <summary>All cells of a part in the neutral form.</summary>
    public byte[] Read(byte[][] buffers, int page, int layer, KvPart part)
    {
        var place = Layout.Part(layer, part);
        var rows = new byte[place.CellBytes * Cache.Spec.PageTokens];
        place.Gather(At(buffers, page, place), 0, rows);
        return rows;
    }

    /// <summary>Pages hold, bit for bit, what the reference's cache does; <paramref name="keys"/> of the layer excepted if asked.</summary>
    public void ExpectSame(byte[][] buffers, bool keys = true) => ForEach((page, layer, part, _) =>
    {
        if (!keys && layer == Number && part == KvPart.Keys) return;
        var (expected, actual) = (Cache.Cells(page, layer, part, 0, Cache.Spec.PageTokens).ToArray(), Read(buffers, page, layer, part));
        if (!expected.AsSpan().SequenceEqual(actual))
            Assert.Fail($"{part} of layer {layer}, page {page}: byte {expected.AsSpan().CommonPrefixLength(actual)} of {actual.Length} is wrong.");
    });

    public KvPartPlace Place(KvPart part, int buffer)
    {
        var place = Layout.Part(Number, part);
        return new KvPartPlace
        {
            PageBytes = (ulong)Layout.PageBytes, Offset = (ulong)place.Offset, BufferIndex = (uint)buffer, PagesPerBuffer = (uint)PagesPerBuffer,
            PageShift = (uint)System.Numerics.BitOperations.Log2((uint)Cache.Spec.PageTokens), Heads = (uint)place.Heads, Width = (uint)place.Width,
            StrideHead = (uint)(place.Place(1, 0, 0) / place.ElementBytes), StrideCell = (uint)(place.Place(0, 0, 1) / place.ElementBytes),
            StrideElement = (uint)(place.Place(0, 1, 0) / place.ElementBytes),
        };
    }

    private Span<byte> At(byte[][] buffers, int page, KvPartLayout place)
        => buffers[page / PagesPerBuffer].AsSpan((int)(page % PagesPerBuffer * Layout.PageBytes + place.Offset), (int)place.Bytes);

    private void ForEach(Action<int, int, KvPart, KvPartLayout> body)
    {
        for (var page = 0; page < Cache.PageCount; page++)
            foreach (var layer in Cache.Spec.Layers)
                foreach (var part in Enum.GetValues<KvPart>()) body(page, layer.Layer, part, Layout.Part(layer.Layer, part));
    }

    private void Fill(Random random)
    {
        ForEach((page, layer, part, _) => Cache.Cells(page, layer, part, 0, Cache.Spec.PageTokens).Fill(0xff));
        double[] Vector(int width) => [.. Enumerable.Range(0, width).Select(_ => random.NextDouble() * 2 - 1)];
        foreach (var sequence in Step.Sequences.Span)
            for (var cell = 0; cell < sequence.CachedLength; cell++)
                for (var head = 0; head < Layer.Heads; head++)
                {
                    var page = Pages[sequence.FirstPage + cell / Cache.Spec.PageTokens];
                    Cache.Write(Number, KvPart.Keys, page, cell % Cache.Spec.PageTokens, head, Vector(Layer.KeyWidth));
                    Cache.Write(Number, KvPart.Values, page, cell % Cache.Spec.PageTokens, head, Vector(Layer.ValueWidth));
                }
    }

    public static TensorType[] Types { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16];

    public static KvLayerSpec Of(int heads, int keyWidth, int valueWidth, TensorType keys, TensorType values)
        => new() { Layer = Number, Heads = heads, KeyWidth = keyWidth, ValueWidth = valueWidth, KeyType = keys, ValueType = values };
}
