using System.Runtime.InteropServices;
using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.MslExecutor;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Kernels over the paged cache against the reference: every pair of types, pages of one or several buffers.</summary>
public sealed class CacheTests
{
    private static readonly Gen<(int Seed, int Key, int Value, int Buffers)> Cases = Gen.Select(Gen.Int, Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 3]);

    private static string Suffix(TensorType type) => type.ToString().ToLowerInvariant();

    private static PagedCase Make(Random random, int key, int value, int buffers, int widest, int longest, bool rows = true)
    {
        var pageTokens = 2 << random.Next(5);
        var lengths = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (random.Next(3) switch { 0 => 0, 1 => pageTokens * random.Next(1, 4), _ => random.Next(longest) }, rows ? random.Next(1, 5) : 0)).ToArray();
        return new PagedCase(random, PagedCase.Of(random.Next(1, 4), 2 * random.Next(1, widest / 2), random.Next(1, widest), PagedCase.Types[key], PagedCase.Types[value]), pageTokens, buffers, lengths);
    }

    private static byte[][] Append(MslLibrary library, KernelCase test, PagedCase paged, float[] keys, float[] values)
    {
        var buffers = paged.Upload();
        for (var b = 0; b < buffers.Length; b++)
            foreach (var (part, x, type) in new[] { (KvPart.Keys, keys, paged.Layer.KeyType), (KvPart.Values, values, paged.Layer.ValueType) })
            {
                using var run = new KernelRun(library, "kv_append_" + Suffix(type));
                run.Bytes(0, new KvAppendArgs { Part = paged.Place(part, b), Rows = (uint)test.Tokens }).Bind(1, x, readOnly: true).Bind(2, test.SequenceTable(), readOnly: true)
                    .Bind(3, test.RowTable(), readOnly: true).Bind(4, paged.Pages, readOnly: true).Bind(5, buffers[b]).Run(2, (ulong)test.Random.Next(1, 70));
                buffers[b] = run.Read<byte>(5);
            }
        return buffers;
    }

    private static GraphValue Value(KernelCase test, int width, int heads, float scale)
        => test.Given(new(width, heads, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, width * heads * test.Tokens).Select(_ => (test.Random.NextSingle() * 2 - 1) * scale)]);

    [Fact]
    public void Appended_cells_are_those_of_the_reference_bit_for_bit_and_nothing_else_changes()
    {
        using var library = Library.Compile("Cache/KvAppend.metal");
        Cases.Sample(c =>
        {
            var random = new Random(c.Seed);
            var paged = Make(random, c.Key, c.Value, c.Buffers, 20, 40);
            var test = new KernelCase(random, paged.Step);
            // Too large for half precision, too.
            var (k, v) = (Value(test, paged.Layer.KeyWidth, paged.Layer.Heads, 1), Value(test, paged.Layer.ValueWidth, paged.Layer.Heads, 70000));
            var buffers = Append(library, test, paged, Floats(test.Bytes(k)), Floats(test.Bytes(v)));
            test.Check(new KvAppend(k, v, PagedCase.Number), paged.Cache);
            paged.ExpectSame(buffers);
        }, iter: 25, threads: 1);
    }

    [Fact]
    public void Attention_is_within_the_bounds_of_the_reference()
    {
        using var append = Library.Compile("Cache/KvAppend.metal");
        using var attention = Library.Compile("Cache/Attention.metal");
        using var merge = Library.Compile("Cache/AttentionMerge.metal");
        Cases.Sample(c =>
        {
            var random = new Random(c.Seed);
            var paged = Make(random, c.Key, c.Value, c.Buffers, random.Next(4) == 0 ? 300 : 80, 300);
            var (layer, n) = (paged.Layer, paged.Positions.Length);
            var sharing = random.Next(1, 8);
            var queryHeads = layer.Heads * sharing;
            // Several query heads of a head of the cache at once, or one by one.
            var atOnce = layer.KeyWidth <= 256 && random.Next(3) != 0 ? 4 : 1;
            // Nothing may come from a row whose position lies before all cells.
            if (random.Next(4) == 0) paged.Positions[^1] = Math.Max(0, paged.Step.Sequences.Span[^1].FirstPosition - 1);
            var parameters = new AttentionParameters
            {
                Scale = 1 / MathF.Sqrt(layer.KeyWidth), Causal = random.Next(4) != 0, SoftCap = random.Next(4) == 0 ? 20 : 0,
                Window = random.Next(4) switch { 0 => random.Next(1, 100), 1 => int.MaxValue, _ => 0 },
            };
            var appended = new KernelCase(random, paged.Step);
            var (k, v) = (Value(appended, layer.KeyWidth, layer.Heads, 1), Value(appended, layer.ValueWidth, layer.Heads, 1));
            var buffers = Append(append, appended, paged, Floats(appended.Bytes(k)), Floats(appended.Bytes(v)));
            appended.Check(new KvAppend(k, v, PagedCase.Number), paged.Cache);

            var test = new KernelCase(random, paged.Step);
            var q = Value(test, layer.KeyWidth, queryHeads, 3);
            var sinks = random.Next(3) == 0 ? test.Weight(TensorType.F32, new(queryHeads)) : null;
            var longest = 0;
            foreach (var sequence in paged.Step.Sequences.Span) longest = Math.Max(longest, sequence.CachedLength + sequence.RowCount);
            var splits = random.Next(1, 4);
            var parts = splits * buffers.Length;
            var partial = new float[(long)n * queryHeads * parts * (layer.ValueWidth + 2)];
            partial.AsSpan().Fill(float.NaN);
            for (var b = 0; b < buffers.Length; b++)
            {
                using var run = new KernelRun(attention, $"attention_{(atOnce > 1 ? "group_" : "")}{Suffix(layer.KeyType)}_{Suffix(layer.ValueType)}") { Seed = c.Seed & 3 };
                run.Bytes(0, new AttentionArgs
                {
                    Keys = paged.Place(KvPart.Keys, b), Values = paged.Place(KvPart.Values, b), QueryHeads = (uint)queryHeads, Rows = (uint)n, Causal = parameters.Causal ? 1u : 0,
                    Window = (uint)parameters.Window, Scale = parameters.Scale, SoftCap = parameters.SoftCap, Chunk = (uint)((longest + splits - 1) / splits),
                    FirstPart = (uint)(b * splits), Parts = (uint)parts,
                }).Bind(1, test.Bytes(q), readOnly: true).Bind(2, paged.Positions, readOnly: true).Bind(3, test.SequenceTable(), readOnly: true)
                    .Bind(4, test.RowTable(), readOnly: true).Bind(5, paged.Pages, readOnly: true).Bind(6, buffers[b], readOnly: true).Bind(7, partial)
                    .Run(new ShaderSize((ulong)(layer.Heads * ((sharing + atOnce - 1) / atOnce)), (ulong)n, (ulong)splits), new ShaderSize(128, 1, 1));
                partial = run.Read<float>(7);
            }
            using var merging = new KernelRun(merge, "attention_merge");
            merging.Bytes(0, new AttentionMergeArgs { QueryHeads = (uint)queryHeads, Rows = (uint)n, Width = (uint)layer.ValueWidth, Parts = (uint)parts, HasSinks = sinks is null ? 0u : 1 })
                .Bind(1, partial, readOnly: true).Bind(2, test.Bytes(sinks), readOnly: true).Room<float>(3, (long)n * queryHeads * layer.ValueWidth)
                .Run(new ShaderSize((ulong)queryHeads, (ulong)n, 1), new ShaderSize((ulong)random.Next(1, 70), 1, 1));
            test.Check(new Attention(q, sinks, PagedCase.Number, parameters, KernelCase.Output(new((long)layer.ValueWidth * queryHeads, Dimension.Tokens))), paged.Cache, merging.Read<float>(3));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void Attention_of_a_batch_is_within_the_bounds_of_the_reference()
    {
        using var library = Library.Compile("Cache/AttentionBatch.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 3]).Sample((seed, heads) =>
        {
            var random = new Random(seed);
            var lengths = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (0, random.Next(5) == 0 ? random.Next(120, 150) : random.Next(1, 20))).ToArray();
            var paged = new PagedCase(random, PagedCase.Of(1, 2, 2, TensorType.F32, TensorType.F32), 32, 1, lengths);
            var test = new KernelCase(random, paged.Step);
            var (keyWidth, valueWidth, queryHeads) = (random.Next(1, 40), random.Next(6) == 0 ? random.Next(129, 300) : random.Next(1, 40), heads * random.Next(1, 3));
            var (q, k, v) = (Value(test, keyWidth, queryHeads, 2), Value(test, keyWidth, heads, 1), Value(test, valueWidth, heads, 1));
            var parameters = new AttentionParameters { Scale = 0.3f, Causal = random.Next(2) == 0, Window = random.Next(3) == 0 ? random.Next(1, 20) : 0, SoftCap = random.Next(4) == 0 ? 20 : 0 };
            using var run = new KernelRun(library, "attention_batch");
            run.Bytes(0, new AttentionBatchArgs
            {
                QueryHeads = (uint)queryHeads, Heads = (uint)heads, KeyWidth = (uint)keyWidth, ValueWidth = (uint)valueWidth, Rows = (uint)test.Tokens,
                Causal = parameters.Causal ? 1u : 0, Window = (uint)parameters.Window, Scale = parameters.Scale, SoftCap = parameters.SoftCap,
            }).Bind(1, test.Bytes(q), readOnly: true).Bind(2, test.Bytes(k), readOnly: true).Bind(3, test.Bytes(v), readOnly: true).Bind(4, paged.Positions, readOnly: true)
                .Bind(5, test.SequenceTable(), readOnly: true).Bind(6, test.RowTable(), readOnly: true).Room<float>(7, (long)test.Tokens * queryHeads * valueWidth)
                .Run(new ShaderSize((ulong)queryHeads, (ulong)test.Tokens, 1), new ShaderSize(128, 1, 1));
            test.Check(new AttentionBatch(q, k, v, parameters, KernelCase.Output(new((long)valueWidth * queryHeads, Dimension.Tokens))), null, run.Read<float>(7));
        }, iter: 12, threads: 1);
    }

    [Fact]
    public void Shifted_keys_are_within_the_bounds_of_the_reference_and_nothing_else_changes()
    {
        using var library = Library.Compile("Cache/KvShift.metal");
        Cases.Sample(c =>
        {
            var random = new Random(c.Seed);
            var paged = Make(random, c.Key, c.Value, c.Buffers, 20, 40, rows: false);
            var (layer, test) = (paged.Layer, new KernelCase(random, paged.Step));
            var parameters = RowTests.Rotation(random, layer.KeyWidth);
            var table = new RopeTable(parameters, []);
            var turns = new float[paged.Step.Sequences.Length * table.RowLength];
            table.FillShifts(paged.Step.Sequences.Span, turns);
            var (buffers, before) = (paged.Upload(), Keys(paged, paged.Upload()));
            for (var b = 0; b < buffers.Length; b++)
            {
                using var run = new KernelRun(library, "kv_shift_" + Suffix(layer.KeyType));
                run.Bytes(0, new KvShiftArgs { Part = paged.Place(KvPart.Keys, b), Sequences = (uint)paged.Step.Sequences.Length, Pairs = (uint)table.Pairs, Adjacent = parameters.Style == RopeStyle.Adjacent ? 1u : 0 })
                    .Bind(1, turns, readOnly: true).Bind(2, test.SequenceTable(), readOnly: true).Bind(3, paged.Pages, readOnly: true).Bind(4, buffers[b])
                    .Run(new ShaderSize(2, (ulong)paged.Step.Sequences.Length, 1), new ShaderSize(40, 1, 1));
                buffers[b] = run.Read<byte>(4);
            }
            test.Check(new KvShift(null, parameters, PagedCase.Number), paged.Cache);
            paged.ExpectSame(buffers, keys: false);
            var (expected, actual) = (Keys(paged, paged.Upload()), Keys(paged, buffers));
            var unit = layer.KeyType switch { TensorType.F32 => Tolerance.Unit, TensorType.F16 => 1.0 / (1 << 11), _ => 1.0 / (1 << 8) };
            for (var i = 0; i < actual.Length; i++)
            {
                // A rotation keeps the length of what it rotates.
                var size = before.AsSpan(i / layer.KeyWidth * layer.KeyWidth, layer.KeyWidth).ToArray().Sum(Math.Abs);
                var bound = double.IsNaN(expected[i]) ? 0 : RopeBounds.Pair(20, size) + 2 * unit * Math.Abs(expected[i]);
                Assert.True(Tolerance.Accepts(expected[i], (float)actual[i], bound), $"Element {i}: {actual[i]:g9} instead of {expected[i]:g9} ± {bound:g3}.");
            }
        }, iter: 20, threads: 1);
    }

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static double[] Keys(PagedCase paged, byte[][] buffers)
    {
        var numbers = new List<double>();
        for (var page = 0; page < paged.Cache.PageCount; page++)
        {
            var bytes = paged.Read(buffers, page, PagedCase.Number, KvPart.Keys);
            for (var at = 0; at < bytes.Length; at += paged.Layer.KeyType == TensorType.F32 ? 4 : 2) numbers.Add(KvElement.Read(paged.Layer.KeyType, bytes.AsSpan(at)));
        }
        return [.. numbers];
    }
}
