using CsCheck;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>The paged cache: attention, append, shift and the neutral form, against the reference.</summary>
public sealed class KvTests : CpuTest
{
    private const int Layer = 3;
    private static readonly TensorType[] CacheTypes = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0];

    // Blocks of 32 need heads of whole blocks.
    private static TensorType Type(Random random, int width) => CacheTypes[random.Next(width % 32 == 0 ? 5 : 3)];

    // Half of the widths are whole blocks.
    private static Gen<int> Widths(int most) => Gen.OneOf(Gen.Int[1, most], Gen.Int[1, 3].Select(blocks => 32 * blocks));

    private static KvCacheSpec Spec(int heads, int keyWidth, int valueWidth, TensorType key, TensorType value) => new()
    {
        PageTokens = 32,
        Layers =
        [
            new() { Layer = 1, Heads = 1, KeyWidth = 3, ValueWidth = 5, KeyType = TensorType.F32, ValueType = TensorType.F16 },
            new() { Layer = Layer, Heads = heads, KeyWidth = keyWidth, ValueWidth = valueWidth, KeyType = key, ValueType = value },
        ],
    };

    // Several sequences over scattered pages; cells that no sequence holds stay poisoned on the device.
    private static ReferenceStep Step(Random random, int pages, int maxRows)
    {
        var numbers = Enumerable.Range(0, pages).ToArray();
        random.Shuffle(numbers);
        var sequences = new List<SequenceStep>();
        int row = 0, page = 0;
        for (var s = 0; s < 1 + random.Next(3) && page < pages; s++)
        {
            var count = 1 + random.Next(Math.Min((pages - page) * 32, 150));
            var rows = random.Next(Math.Min(count, maxRows) + 1);
            var needed = (count + 31) / 32;
            sequences.Add(new SequenceStep
            {
                FirstRow = row, RowCount = rows, CachedLength = count - rows, FirstPage = page, PageCount = needed, FirstPosition = random.Next(50),
            });
            row += rows;
            page += needed;
        }
        return new ReferenceStep
        {
            TokenIds = new int[row],
            Positions = sequences.SelectMany(s => Enumerable.Range(s.FirstPosition + s.CachedLength, s.RowCount)).ToArray(),
            Sequences = sequences.ToArray(),
            Pages = numbers,
        };
    }

    private static ReferenceKvCache Filled(KvCacheSpec spec, int pages, ReferenceStep step, Random random, bool poison)
    {
        var cache = new ReferenceKvCache(spec, pages);
        foreach (var layer in spec.Layers)
            foreach (var part in Enum.GetValues<KvPart>())
            {
                // What is not in a sequence's list of cells must not matter, NaN included.
                if (poison)
                    for (var page = 0; page < pages; page++) cache.Cells(page, layer.Layer, part, 0, 32).Fill(0xFF);
                var vector = new double[part == KvPart.Keys ? layer.KeyWidth : layer.ValueWidth];
                foreach (var sequence in step.Sequences.Span)
                    for (var cell = 0; cell < sequence.CachedLength + sequence.RowCount; cell++)
                        for (var head = 0; head < layer.Heads; head++)
                        {
                            foreach (ref var x in vector.AsSpan()) x = (random.NextSingle() - 0.5f) * 4;
                            cache.Write(layer.Layer, part, step.Pages.Span[sequence.FirstPage + cell / 32], cell % 32, head, vector);
                        }
            }
        return cache;
    }

    [Fact]
    public void Attention_is_right()
        => Gen.Select(Gen.Int, Gen.Int[1, 3], Gen.Int[1, 5], Widths(40), Widths(80), Gen.Bool, Gen.Int[0, 3]).Sample((seed, heads, groups, keyWidth, valueWidth, causal, mask) =>
        {
            var random = new Random(seed);
            var spec = Spec(heads, keyWidth, valueWidth, Type(random, keyWidth), Type(random, valueWidth));
            var test = new Case(random) { Step = Step(random, 8, 40), Kv = spec };
            var cache = Filled(spec, 8, test.Step, random, poison: true);
            var query = test.Input(new(keyWidth, heads * groups, Dimension.Tokens));
            var sinks = mask == 1 ? test.Weight(TensorType.F32, new(heads * groups)) : null;
            var parameters = new AttentionParameters { Scale = 0.7f, Causal = causal, Window = mask == 2 ? 1 + random.Next(60) : 0, SoftCap = mask == 3 ? 2f : 0 };
            test.Operations.Add(new Attention(query, sinks, Layer, parameters, new GraphValue("y", TensorType.F32, new(valueWidth * heads * groups, Dimension.Tokens))));
            test.Check(Runs, cache);
        }, iter: 40, threads: 1);

    [Fact]
    public void Rows_of_attention_do_not_depend_on_the_step_they_are_in()
        => Gen.Select(Gen.Int, Gen.Int[1, 4], Gen.Int[2, 60]).Sample((seed, groups, rows) =>
        {
            var random = new Random(seed);
            var spec = Spec(2, 32, 64, TensorType.F16, TensorType.F16);
            var cached = random.Next(90);
            ReferenceStep Part(int first, int count) => new()
            {
                TokenIds = new int[count],
                Positions = Enumerable.Range(cached + first, count).ToArray(),
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = count, CachedLength = cached + first, PageCount = 5 } },
                Pages = new[] { 4, 2, 0, 1, 3 },
            };
            var test = new Case(random) { Step = Part(0, rows), Kv = spec };
            var cache = Filled(spec, 8, test.Step, random, poison: false);
            var query = test.Input(new(32, 2 * groups, Dimension.Tokens));
            test.Operations.Add(new Attention(query, null, Layer, new AttentionParameters { Scale = 0.2f }, new GraphValue("y", TensorType.F32, new(128 * groups, Dimension.Tokens))));
            var together = test.RunAll(Runs, cache)[0];
            for (var row = 0; row < rows; row += 1 + random.Next(7))
            {
                var one = test.Row(row, rows, Part(row, 1));
                Case.Same(together.AsSpan(row * 128 * groups, 128 * groups), one.Run(Best, cache)[0], $"row {row} by itself");
            }
        }, iter: 15, threads: 1);

    [Fact]
    public void Long_sequences_are_shared_out_by_segments_without_a_difference()
        => Gen.Select(Gen.Int, Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 2], Gen.Bool).Sample((seed, heads, groups, sequences, windowed) =>
        {
            var random = new Random(seed);
            var spec = Spec(heads, 32, 48, Type(random, 32), TensorType.F16);
            const int Pages = 120, Context = 1700;
            var cells = Enumerable.Range(0, sequences).Select(_ => 400 + random.Next(Context - 400)).ToArray();
            // Caches that lost their oldest pages begin behind position 0, those that were moved anywhere.
            var firsts = cells.Select(_ => random.Next(3) switch { 0 => 0, 1 => 32 * random.Next(40), _ => random.Next(2000) }).ToArray();
            var numbers = Enumerable.Range(0, Pages).ToArray();
            random.Shuffle(numbers);
            ReferenceStep Part(int skip, int rows) => new()
            {
                TokenIds = new int[rows * sequences],
                Positions = cells.SelectMany((count, s) => Enumerable.Range(firsts[s] + count - 4 + skip, rows)).ToArray(),
                Sequences = cells.Select((count, s) => new SequenceStep
                {
                    FirstRow = s * rows, RowCount = rows, CachedLength = count - 4 + skip, FirstPage = 60 * s, PageCount = 55, FirstPosition = firsts[s],
                }).ToArray(),
                Pages = numbers,
            };
            var test = new Case(random) { Step = Part(0, 4), Kv = spec, Pages = Pages, Bounds = new() { Tokens = 8, OutputRows = 1, Sequences = 2, Context = Context } };
            var cache = Filled(spec, Pages, test.Step, random, poison: false);
            var query = test.Input(new(32, heads * groups, Dimension.Tokens));
            var parameters = new AttentionParameters { Scale = 0.4f, Window = windowed ? 100 + random.Next(1200) : 0 };
            var width = 48 * heads * groups;
            test.Operations.Add(new Attention(query, null, Layer, parameters, new GraphValue("y", TensorType.F32, new(width, Dimension.Tokens))));
            // Four rows of a sequence are not split.
            var together = test.Check(Runs, cache)[0];
            for (var row = 0; row < 4; row++)
            {
                var alone = test.Rows([.. Enumerable.Range(0, sequences).Select(s => 4 * s + row)], 4 * sequences, Part(row, 1));
                var split = alone.RunAll(Runs, cache)[0];
                for (var s = 0; s < sequences; s++) Case.Same(together.AsSpan((4 * s + row) * width, width), split.AsSpan(s * width, width), $"row {row} of sequence {s}");
            }
        }, iter: 12, threads: 1);

    [Fact]
    public void Append_stores_what_the_reference_stores()
        => Gen.Select(Gen.Int, Gen.Int[1, 3], Widths(70), Widths(70)).Sample((seed, heads, keyWidth, valueWidth) =>
        {
            var random = new Random(seed);
            var spec = Spec(heads, keyWidth, valueWidth, Type(random, keyWidth), Type(random, valueWidth));
            var test = new Case(random) { Step = Step(random, 8, 40), Kv = spec };
            var key = test.Input(new(keyWidth, heads, Dimension.Tokens));
            var value = test.Input(new(valueWidth, heads, Dimension.Tokens));
            test.Operations.Add(new KvAppend(key, value, Layer));
            CheckCache(test, random, (_, _, _) => 0);
        }, iter: 25, threads: 1);

    [Theory, InlineData(RopeStyle.Adjacent), InlineData(RopeStyle.Halves)]
    public void Shift_rotates_what_the_reference_rotates(RopeStyle style)
        => Gen.Select(Gen.Int, Gen.Int[1, 3], Widths(38).Select(width => width + width % 2)).Sample((seed, heads, width) =>
        {
            var random = new Random(seed);
            var type = Type(random, width);
            var spec = Spec(heads, width, 4, type, TensorType.F16);
            var step = Step(random, 8, 0);
            var shift = random.Next(-30, 30);
            step = step with
            {
                Sequences = step.Sequences.ToArray().Select(s => s with { PositionShift = shift }).ToArray(),
                Positions = Array.Empty<int>(),
                TokenIds = Array.Empty<int>(),
            };
            var test = new Case(random) { Step = step, Kv = spec };
            var parameters = new RopeParameters { Style = style, RotaryWidth = width / 2 * 2, AttentionFactor = 1.3f };
            var factors = seed % 2 == 0 ? null : test.Weight(TensorType.F32, new(width / 2));
            test.Operations.Add(new KvShift(factors, parameters, Layer));
            // A step of the cache's type, and the error of the angle.
            var ulp = type switch { TensorType.F32 => 0, TensorType.BF16 => 1.0 / 128, _ => 1.0 / 1024 };
            // Elements are within 2, so a rotated one within 2.9; a code of a block may fall the other way.
            var codeStep = type switch { TensorType.Q8_0 => 2.9 / 127 * 1.1, TensorType.Q4_0 => 2.9 / 7 * 1.1, _ => 0 };
            CheckCache(test, random, (before, after, layer) => layer == Layer ? Math.Abs(after) * ulp + 1e-4 + ulp * 1e-2 + codeStep : 0);

        }, iter: 25, threads: 1);

    private void CheckCache(Case test, Random random, Func<double, double, int, double> bound)
    {
        var seed = random.Next();
        foreach (var run in Runs)
        {
            var expected = Filled(test.Kv!, 8, test.Step, new Random(seed), poison: false);
            var actual = Filled(test.Kv!, 8, test.Step, new Random(seed), poison: false);
            using (var running = test.Start(run, actual))
            {
                running.Run();
                Case.Transfer(actual, running.Pool!, toDevice: false);
            }
            test.RunReference(expected);
            foreach (var layer in test.Kv!.Layers)
                foreach (var part in Enum.GetValues<KvPart>())
                {
                    var vector = new double[part == KvPart.Keys ? layer.KeyWidth : layer.ValueWidth];
                    var other = new double[vector.Length];
                    for (var page = 0; page < 8; page++)
                        for (var cell = 0; cell < 32; cell++)
                            for (var head = 0; head < layer.Heads; head++)
                            {
                                expected.Read(layer.Layer, part, page, cell, head, vector);
                                actual.Read(layer.Layer, part, page, cell, head, other);
                                for (var i = 0; i < vector.Length; i++)
                                    if (!Tolerance.Accepts(vector[i], (float)other[i], part == KvPart.Keys ? bound(vector[i], other[i], layer.Layer) : 0))
                                        Assert.Fail($"{run.Backend.Info.Version}, layer {layer.Layer} {part}, page {page}, cell {cell}, head {head}: element {i} is {other[i]}, should be {vector[i]}.");
                            }
                }
        }
    }

    [Fact]
    public void Pages_are_copied_whole_and_cells_outside_are_refused()
    {
        var device = Best.Device();
        var blocks = Spec(2, 64, 32, TensorType.Q8_0, TensorType.Q4_0).Layers[1] with { Layer = 5 };
        var spec = Spec(2, 7, 9, TensorType.F16, TensorType.F32);
        spec = spec with { Layers = [.. spec.Layers, blocks, blocks with { Layer = 6, KeyType = TensorType.Q4_0, ValueType = TensorType.Q8_0 }] };
        var layout = device.PrepareKvCache(spec);
        Assert.Equal(0u, layout.PageBytes % 32);
        var buffer = Best.Allocate(layout.BufferType, 3 * layout.PageBytes);
        KvPageRef Page(int page) => new(buffer.Buffer, (nuint)page * layout.PageBytes);
        var random = new Random(1);
        byte[] Bytes(int layer, KvPart part) { var b = new byte[32 * (part == KvPart.Keys ? spec.Layer(layer).KeyRowBytes : spec.Layer(layer).ValueRowBytes)]; random.NextBytes(b); return b; }
        var written = new Dictionary<(int, KvPart), byte[]>();
        foreach (var layer in new[] { 1, Layer, 5, 6 })
            foreach (var part in Enum.GetValues<KvPart>())
            {
                written[(layer, part)] = Bytes(layer, part);
                layout.Write(Page(0), layer, part, 0, written[(layer, part)]);
            }
        layout.Copy(Page(0), Page(2));
        foreach (var ((layer, part), bytes) in written)
        {
            var read = new byte[bytes.Length];
            layout.Read(Page(2), layer, part, 0, read);
            Assert.Equal(bytes, read);
            var row = bytes.Length / 32;
            layout.Read(Page(2), layer, part, 5, read.AsSpan(0, 2 * row));
            Assert.Equal(bytes[(5 * row)..(7 * row)], read[..(2 * row)]);
            Assert.ThrowsAny<ArgumentException>(() => layout.Read(Page(0), layer, part, 31, new byte[2 * row]));
            Assert.ThrowsAny<ArgumentException>(() => layout.Write(Page(0), layer, part, -1, new byte[row]));
            Assert.ThrowsAny<ArgumentException>(() => layout.Read(Page(0), layer, part, 0, new byte[row - 1]));
            Assert.ThrowsAny<ArgumentException>(() => layout.Read(Page(3), layer, part, 0, new byte[row]));
        }
        Assert.ThrowsAny<ArgumentException>(() => layout.Read(Page(0), 2, KvPart.Keys, 0, default));
        Assert.Throws<UnsupportedException>(() => device.PrepareKvCache(Spec(1, 32, 32, TensorType.Q5_0, TensorType.F16)));
        Assert.Contains("whole number", Assert.Throws<UnsupportedException>(() => device.PrepareKvCache(Spec(1, 48, 32, TensorType.Q8_0, TensorType.F16))).Message);
        Assert.Throws<UnsupportedException>(() => device.PrepareKvCache(spec with { PageTokens = 16 }));
    }
}
