using CsCheck;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.KvCache;
using Xunit;

namespace Hotplug.GpuTests.Attention;

public sealed class KvPageLayoutTests
{
    private static readonly Gen<TensorType> Types = Gen.Int[0, 2].Select(n => n == 0 ? TensorType.F32 : n == 1 ? TensorType.F16 : TensorType.BF16);

    private static readonly Gen<KvCacheSpec> Specs =
        from tokens in Gen.Int[1, 5]
        from layers in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 9], Types, Types).Array[0, 3]
        select new KvCacheSpec
        {
            PageTokens = 1 << tokens,
            Layers = [.. layers.Select((l, i) => new KvLayerSpec { Layer = 2 * i, Heads = l.Item1, KeyWidth = l.Item2, ValueWidth = l.Item3, KeyType = l.Item4, ValueType = l.Item5 })],
        };

    [Fact]
    public void Every_element_has_a_place_of_its_own_in_the_page() => Gen.Select(Specs, Gen.Int[2, 8]).Sample((spec, alignment) =>
    {
        var layout = new KvPageLayout(spec, 1L << alignment);
        Assert.True(layout.PageBytes > 0 && layout.PageBytes % (1L << alignment) == 0);
        var taken = new bool[layout.PageBytes];
        foreach (var layer in spec.Layers)
            foreach (var part in Enum.GetValues<KvPart>())
            {
                var place = layout.Part(layer.Layer, part);
                Assert.True(place.Offset % (1L << alignment) == 0 && place.Bytes % 4 == 0);
                for (var head = 0; head < place.Heads; head++)
                    for (var cell = 0; cell < spec.PageTokens; cell++)
                        for (var element = 0; element < place.Width; element++)
                        {
                            var at = place.Place(head, element, cell);
                            Assert.InRange(at, 0, place.Bytes - place.ElementBytes);
                            for (var b = 0; b < place.ElementBytes; b++)
                            {
                                Assert.False(taken[place.Offset + at + b]);
                                taken[place.Offset + at + b] = true;
                            }
                        }
            }
    }, iter: 200);

    [Fact]
    public void What_is_scattered_is_gathered_and_nothing_else_moves() => Gen.Select(Specs, Gen.Int).Sample((spec, seed) =>
    {
        var random = new Random(seed);
        var layout = new KvPageLayout(spec, 64);
        foreach (var layer in spec.Layers)
            foreach (var part in Enum.GetValues<KvPart>())
            {
                var place = layout.Part(layer.Layer, part);
                byte[] bytes = new byte[place.Bytes], all = new byte[place.CellBytes * spec.PageTokens];
                random.NextBytes(bytes);
                place.Gather(bytes, 0, all);
                var first = random.Next(spec.PageTokens + 1);
                var rows = new byte[place.CellBytes * random.Next(spec.PageTokens - first + 1)];
                random.NextBytes(rows);
                place.Scatter(rows, first, bytes);
                rows.CopyTo(all.AsSpan((int)(first * place.CellBytes)));
                var again = new byte[all.Length];
                place.Gather(bytes, 0, again);
                Assert.Equal(all, again);
                var run = new byte[rows.Length];
                place.Gather(bytes, first, run);
                Assert.Equal(rows, run);
            }
    }, iter: 200);

    [Fact]
    public void Cells_outside_of_the_page_and_half_cells_are_refused_and_nothing_is_written()
    {
        var place = new KvPageLayout(Spec(), 64).Part(0, KvPart.Keys);
        var part = new byte[place.Bytes];
        var cell = (int)place.CellBytes;
        foreach (var (first, bytes) in new[] { (-1, cell), (8, cell), (7, 2 * cell), (0, cell - 1), (int.MaxValue, cell), (0, 9 * cell) })
        {
            Assert.Throws<ArgumentException>(() => place.Gather(part, first, new byte[bytes]));
            Assert.Throws<ArgumentException>(() => place.Scatter(Enumerable.Repeat((byte)1, bytes).ToArray(), first, part));
        }
        Assert.Throws<ArgumentException>(() => place.Gather(part.AsSpan(1).ToArray(), 0, new byte[cell]));
        Assert.All(part, b => Assert.Equal(0, b));
        place.Scatter([], 8, part);
        Assert.Throws<ArgumentException>(() => new KvPageLayout(Spec(), 64).Part(1, KvPart.Keys));
        Assert.Throws<ArgumentException>(() => new KvPageLayout(Spec(), 64).Part(0, (KvPart)2));
    }

    [Fact]
    public void What_cannot_be_laid_out_is_refused_with_the_reason()
    {
        var layer = Spec().Layers[0];
        foreach (var (spec, reason) in new[]
        {
            (Spec() with { PageTokens = 1 }, "power of two"),
            (Spec() with { PageTokens = 24 }, "power of two"),
            (Spec() with { Layers = [layer with { KeyType = TensorType.Q8_0 }] }, "Q8_0"),
            (Spec() with { Layers = [layer with { Heads = 0 }] }, "0 KV heads"),
            (Spec() with { Layers = [layer, layer] }, "twice"),
            (Spec() with { Layers = [layer with { Heads = 1 << 20, KeyWidth = 1 << 20 }] }, "MiB"),
        })
            Assert.Contains(reason, Assert.Throws<UnsupportedException>(() => new KvPageLayout(spec, 64)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KvPageLayout(Spec(), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KvPageLayout(Spec(), 48));
    }

    private static KvCacheSpec Spec() => new()
    {
        PageTokens = 8,
        Layers = [new KvLayerSpec { Layer = 0, Heads = 2, KeyWidth = 3, ValueWidth = 5, KeyType = TensorType.F16, ValueType = TensorType.F16 }],
    };
}
