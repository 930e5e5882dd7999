using CsCheck;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.UnitTests.Reference;

/// <summary>Cache and attention against the same thing computed without a cache, and against what must be invariant.</summary>
public sealed class KvOperationTests
{
    private const int Heads = 4, KvHeads = 2, KeyWidth = 6, ValueWidth = 5;

    private static KvCacheSpec Spec(TensorType type, int page) => new()
    {
        PageTokens = page,
        Layers = [new() { Layer = 3, Heads = KvHeads, KeyWidth = KeyWidth, ValueWidth = ValueWidth, KeyType = type, ValueType = type }],
    };

    [Fact]
    public void Attention_over_pages_equals_attention_without_a_cache() => Gen.Select(Gen.Int, Gen.Int[1, 9], Gen.Int[0, 4], Gen.Bool).Sample((seed, rows, window, causal) =>
    {
        var random = new Random(seed);
        var (q, k, v) = (Numbers(random, rows * Heads * KeyWidth), Numbers(random, rows * KvHeads * KeyWidth), Numbers(random, rows * KvHeads * ValueWidth));
        var parameters = new AttentionParameters { Scale = 0.4f, Causal = causal, Window = window, SoftCap = seed % 2 == 0 ? 2f : 0f };
        var batch = new OneOperation { Step = OneOperation.Rows(rows) };
        var expected = batch.Run(new AttentionBatch(batch.Input(new(KeyWidth, Heads, Dimension.Tokens), q), batch.Input(new(KeyWidth, KvHeads, Dimension.Tokens), k),
            batch.Input(new(ValueWidth, KvHeads, Dimension.Tokens), v), parameters, OneOperation.Output(new(ValueWidth * Heads, Dimension.Tokens))))[0];

        // The same rows in two steps over pages of 2, listed backwards. Without causality the first step cannot see the second, so it is one step then.
        var cache = new ReferenceKvCache(Spec(TensorType.F32, 2), pages: 8);
        var actual = new List<double>();
        var first = causal ? rows / 2 : rows;
        foreach (var (start, count) in new[] { (0, first), (first, rows - first) })
        {
            if (count == 0) continue;
            var step = new ReferenceStep
            {
                Positions = Enumerable.Range(start, count).ToArray(),
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = count, CachedLength = start, FirstPage = 1, PageCount = 5 } },
                Pages = new[] { 99, 7, 5, 3, 1, 0 },
            };
            var append = new OneOperation { Step = step, Cache = cache };
            append.Run(new KvAppend(append.Input(new(KeyWidth, KvHeads, Dimension.Tokens), Slice(k, start, count)),
                append.Input(new(ValueWidth, KvHeads, Dimension.Tokens), Slice(v, start, count)), 3));
            var attend = new OneOperation { Step = step, Cache = cache };
            actual.AddRange(attend.Run(new Attention(attend.Input(new(KeyWidth, Heads, Dimension.Tokens), Slice(q, start, count)), null, 3, parameters,
                OneOperation.Output(new(ValueWidth * Heads, Dimension.Tokens))))[0]);

            float[] Slice(float[] all, int from, int n) => all[(from * all.Length / rows)..((from + n) * all.Length / rows)];
        }
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }, iter: 200);

    [Theory]
    [InlineData(TensorType.F32), InlineData(TensorType.F16), InlineData(TensorType.BF16)]
    public void Cells_hold_numbers_rounded_to_their_type(TensorType type)
    {
        var cache = new ReferenceKvCache(Spec(type, 4), pages: 1);
        double[] numbers = [1 + 1.0 / 4096, -0.1, 1e-6, 0, 65504, 3];
        cache.Write(3, KvPart.Keys, 0, 2, 1, numbers);
        var read = new double[KeyWidth];
        cache.Read(3, KvPart.Keys, 0, 2, 1, read);
        for (var i = 0; i < read.Length; i++)
        {
            var expected = type switch { TensorType.F32 => (float)numbers[i], TensorType.F16 => (double)(Half)(float)numbers[i], _ => KvElement.Round(type, numbers[i]) };
            Assert.Equal(expected, read[i]);
            Assert.InRange(Math.Abs(read[i] - numbers[i]), 0, Math.Abs(numbers[i]) / (type == TensorType.BF16 ? 256 : 2048) + 1e-7);
        }
        // The neutral form: cell 2 begins behind two cells of two heads; head 1 behind head 0.
        var bytes = cache.Cells(0, 3, KvPart.Keys, 2, 1)[(KeyWidth * type.BlockBytes())..];
        Assert.Equal(read[1], KvElement.Read(type, bytes[type.BlockBytes()..]));
    }

    [Fact]
    public void Shifting_cached_keys_equals_rotating_by_the_later_position()
    {
        var parameters = new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = 4, Base = 50f, AttentionFactor = 1.5f };
        var random = new Random(1);
        var raw = Numbers(random, 3 * KvHeads * KeyWidth);
        double[] Rotated(int first)
        {
            var rope = new OneOperation { Step = OneOperation.Rows(3, first) };
            return rope.Run(new Rope(rope.Input(new(KeyWidth, KvHeads, Dimension.Tokens), raw), null, parameters, OneOperation.Output(new(KeyWidth, KvHeads, Dimension.Tokens))))[0];
        }
        var cache = new ReferenceKvCache(Spec(TensorType.F32, 2), pages: 2);
        var keys = Rotated(4);
        for (var row = 0; row < 3 * KvHeads; row++) cache.Write(3, KvPart.Keys, row / KvHeads / 2, row / KvHeads % 2, row % KvHeads, keys.AsSpan(row * KeyWidth, KeyWidth));
        var shift = new OneOperation
        {
            Cache = cache,
            Step = new() { Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = 0, CachedLength = 3, PageCount = 2, PositionShift = -3 } }, Pages = new[] { 0, 1 } },
        };
        shift.Run(new KvShift(null, parameters, 3));
        var expected = Rotated(1);
        var actual = new double[KeyWidth];
        for (var row = 0; row < 3 * KvHeads; row++)
        {
            cache.Read(3, KvPart.Keys, row / KvHeads / 2, row / KvHeads % 2, row % KvHeads, actual);
            for (var i = 0; i < KeyWidth; i++) Assert.Equal(expected[row * KeyWidth + i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void A_sink_takes_weight_and_a_row_that_sees_nothing_gives_zeros()
    {
        var cache = new ReferenceKvCache(Spec(TensorType.F32, 4), pages: 1);
        for (var head = 0; head < KvHeads; head++) cache.Write(3, KvPart.Values, 0, 0, head, Enumerable.Repeat(1.0, ValueWidth).ToArray());
        OneOperation Attend(int position) => new()
        {
            Cache = cache,
            Step = new() { Positions = new[] { position }, Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = 1, PageCount = 1, FirstPosition = 5 } }, Pages = new[] { 0 } },
        };
        var parameters = new AttentionParameters { Scale = 1f };
        var seeing = Attend(5);
        var sinks = seeing.Weight(new TensorShape(Heads), 0, 0, MathF.Log(3), 0);
        var y = seeing.Run(new Attention(seeing.Input(new(KeyWidth, Heads, Dimension.Tokens), new float[KeyWidth * Heads]), sinks, 3, parameters,
            OneOperation.Output(new(ValueWidth * Heads, Dimension.Tokens))))[0];
        Assert.Equal(0.5, y[0], 1e-12);
        Assert.Equal(0.25, y[2 * ValueWidth], 1e-7);
        var blind = Attend(4);
        Assert.All(blind.Run(new Attention(blind.Input(new(KeyWidth, Heads, Dimension.Tokens), new float[KeyWidth * Heads]), null, 3, parameters,
            OneOperation.Output(new(ValueWidth * Heads, Dimension.Tokens))))[0], value => Assert.Equal(0, value));
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 4 - 2)];
}
