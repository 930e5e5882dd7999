using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.GpuTests.Kernels;
using Xunit;
using Operations = Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.GpuTests.Attention;

[Collection(DeviceCollections.OpenCl)]
public sealed class AttentionTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Random_steps_are_within_the_bounds_of_the_reference(string kind)
    {
        var random = new Random(11);
        var types = new[] { TensorType.F32, TensorType.F16, TensorType.BF16 };
        for (var i = 0; i < (kind == "emulator" ? 12 : 120); i++)
        {
            var widths = kind == "emulator" ? new[] { 1, 3, 6, 8 } : [2, 5, 16, 32, 64, 80, 128, 255, 256];
            var layer = PagedStep.LayerOf(random.Next(1, 4), widths[random.Next(widths.Length)], widths[random.Next(widths.Length)], types[i % 3], types[i / 3 % 3]);
            var pageTokens = 2 << random.Next(6);
            var most = kind == "emulator" ? 20 : 300;
            // Cached lengths at the ends of pages and blocks most often.
            var lengths = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (random.Next(4) switch
            {
                0 => 0,
                1 => pageTokens * random.Next(0, 1 + most / pageTokens) + random.Next(2),
                2 => Math.Max(0, 128 * random.Next(0, 1 + most / 128) - random.Next(3)),
                _ => random.Next(most),
            }, random.Next(1, kind == "emulator" ? 4 : 12))).ToArray();
            Check(kind, random, layer, pageTokens, lengths, queryHeadsPerHead: random.Next(1, 9), buffers: random.Next(1, 4), splits: 1 + random.Next(2) * random.Next(4));
        }
    }

    [Fact]
    public void Thousands_of_cells_are_within_the_bounds()
    {
        var random = new Random(12);
        foreach (var (key, value) in new[] { (TensorType.F32, TensorType.F32), (TensorType.F16, TensorType.F16) })
            Check("driver", random, PagedStep.LayerOf(2, 64, 64, key, value), 32, [(3000, 1), (1023, 9)], 4, 2, splits: random.Next(1, 5));
    }

    [Theory]
    [InlineData("emulator", 1), InlineData("emulator", 2), InlineData("driver", 1), InlineData("driver", 8), InlineData("driver", 128), InlineData("driver", 256)]
    public void Groups_of_any_size_are_within_the_bounds(string kind, int groupSize)
    {
        var random = new Random(13);
        Check(kind, random, PagedStep.LayerOf(2, 6, 5, TensorType.F16, TensorType.F16), 8, [(13, 3), (150, 2)], 3, 1, 1, groupSize);
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Rows_do_not_feel_what_lies_in_cells_they_do_not_see_nor_how_the_step_is_cut(string kind)
    {
        var random = new Random(14);
        var layer = PagedStep.LayerOf(1, 8, 8, TensorType.F16, TensorType.F32);
        const int Cached = 130, Rows = 6;
        var step = new PagedStep(random, layer, 4, rows: true, (Cached, Rows));
        using var arrays = new DeviceArrays(beds[kind]);
        float[] query = step.Numbers(Rows * 2 * 8), key = step.Numbers(Rows * 8), value = step.Numbers(Rows * 8);
        // The last row is not a number: the others must not be reached by it, though they share tiles with it.
        key.AsSpan(5 * 8).Fill(float.NaN);
        value.AsSpan(5 * 8).Fill(float.PositiveInfinity);
        var parameters = new AttentionParameters { Scale = 0.3f };
        var together = Run(arrays, step, layer, parameters, query, key, value, null, 2, 1, 1);
        Assert.All(together.Take(5 * 16), x => Assert.True(float.IsFinite(x)));
        for (var row = 0; row < 5; row++)
        {
            var one = new PagedStep(new Random(14), layer, 4, rows: true, (Cached, Rows));
            one.Sequences[0] = one.Sequences[0] with { RowCount = row + 1 };
            var alone = Run(arrays, one, layer, parameters, query[..((row + 1) * 16)], key[..((row + 1) * 8)], value[..((row + 1) * 8)], null, 2, 1, 1);
            Assert.Equal(together.AsSpan(row * 16, 16), alone.AsSpan(row * 16, 16));
        }
    }

    private void Check(string kind, Random random, Abstractions.KvCache.KvLayerSpec layer, int pageTokens, (int, int)[] lengths, int queryHeadsPerHead, int buffers, int splits, int groupSize = 0)
    {
        var step = new PagedStep(random, layer, pageTokens, rows: true, lengths);
        using var arrays = new DeviceArrays(beds[kind]);
        if (groupSize != 0) arrays.GroupSize = groupSize;
        var queryHeads = layer.Heads * queryHeadsPerHead;
        var parameters = new AttentionParameters
        {
            Scale = 1 / MathF.Sqrt(layer.KeyWidth),
            Causal = random.Next(4) != 0,
            Window = random.Next(3) switch { 0 => random.Next(1, 200), 1 when random.Next(2) == 0 => int.MaxValue, _ => 0 },
            SoftCap = random.Next(4) == 0 ? 20 : 0,
        };
        var sinks = random.Next(3) == 0 ? step.Numbers(queryHeads, 2) : null;
        float[] query = step.Numbers((long)step.Rows * queryHeads * layer.KeyWidth, 3), key = step.Numbers((long)step.Rows * layer.Heads * layer.KeyWidth),
            value = step.Numbers((long)step.Rows * layer.Heads * layer.ValueWidth);
        // Not a single number may come from a row whose position lies before all cells.
        if (random.Next(4) == 0) step.Positions[^1] = Math.Max(0, step.Sequences[^1].FirstPosition - 1);

        var (q, s, y) = (OneOperation.Value("q", new(layer.KeyWidth, queryHeads, Dimension.Tokens)), OneOperation.Weight("s", queryHeads),
            OneOperation.Value("y", new((long)layer.ValueWidth * queryHeads, Dimension.Tokens)));
        var reference = new OneOperation(new Operations.Attention(q, sinks is null ? null : s, layer.Layer, parameters, y), step.Bounds, sinks is null ? [] : [(s, sinks)]);
        var actual = Run(arrays, step, layer, parameters, query, key, value, sinks, queryHeadsPerHead, buffers, splits);
        reference.Run(step.ForReference, step.Cache, query);
        reference.Expect(y, actual, $"{layer.KeyType}/{layer.ValueType}, {layer.Heads}·{queryHeadsPerHead} heads {layer.KeyWidth}/{layer.ValueWidth}, pages of {pageTokens}, " +
            $"{string.Join(' ', lengths)}, {buffers} buffers, {splits} splits, {parameters}, sinks {sinks is not null}");
    }

    /// <summary>Appends to the reference's cache, copies it, and attends.</summary>
    private static float[] Run(DeviceArrays arrays, PagedStep step, Abstractions.KvCache.KvLayerSpec layer, AttentionParameters parameters, float[] query, float[] key, float[] value,
        float[]? sinks, int queryHeadsPerHead, int buffers, int splits)
    {
        var rows = step.Sequences.Sum(sequence => sequence.RowCount);
        var (k, v) = (OneOperation.Value("k", new(layer.KeyWidth, layer.Heads, Dimension.Tokens)), OneOperation.Value("v", new(layer.ValueWidth, layer.Heads, Dimension.Tokens)));
        new OneOperation(new KvAppend(k, v, layer.Layer), step.Bounds).Run(step.ForReference with { TokenIds = new int[rows], Positions = step.Positions.AsMemory(0, rows) }, step.Cache, key, value);

        var pool = new PagedPool(arrays, step.Cache, (step.PageCount + buffers - 1) / buffers);
        var queryHeads = layer.Heads * queryHeadsPerHead;
        var output = arrays.Room<float>((long)rows * queryHeads * layer.ValueWidth);
        var state = arrays.Room<float>(splits == 1 && pool.BufferCount == 1 ? 1 : AttentionKernel.StateLength(rows, queryHeads, layer.ValueWidth, splits));
        var arguments = new AttentionKernel.Arguments
        {
            Query = arrays.Upload(query),
            Output = output,
            Sinks = arrays.Upload(sinks ?? []),
            State = state,
            Step = step.Upload(arrays),
            Rows = rows,
            QueryHeadsPerHead = queryHeadsPerHead,
            Scale = parameters.Scale,
            SoftCap = parameters.SoftCap,
            Causal = parameters.Causal ? 1 : 0,
            Window = parameters.Window,
            HasSinks = sinks is null ? 0 : 1,
            Splits = splits,
        };
        var units = AttentionTiles.Units(rows, layer.Heads, queryHeadsPerHead, splits);
        for (var b = 0; b < pool.BufferCount; b++)
        {
            arguments.Words = pool.Words(b);
            arguments.Layer = pool.Layer(layer.Layer, b);
            arguments.First = b == 0 ? 1 : 0;
            arguments.Last = b == pool.BufferCount - 1 ? 1 : 0;
            // Fewer groups than units: a group takes several.
            arrays.Run(Kernel(layer.KeyType, layer.ValueType), (units + 1) / 2, arguments);
        }
        if (splits > 1)
            arrays.Run(AttentionMergeKernel.Run, rows, new AttentionMergeKernel.Arguments
            {
                State = state,
                Output = output,
                Sinks = arguments.Sinks,
                Rows = rows,
                QueryHeads = queryHeads,
                ValueWidth = layer.ValueWidth,
                Splits = splits,
                HasSinks = arguments.HasSinks,
            });
        return DeviceArrays.Read(output, (long)rows * queryHeads * layer.ValueWidth);
    }

    private static Action<AttentionKernel.Arguments> Kernel(TensorType key, TensorType value) => (key, value) switch
    {
        (TensorType.F32, TensorType.F32) => AttentionKernel.Run<KvF32, KvF32>,
        (TensorType.F32, TensorType.F16) => AttentionKernel.Run<KvF32, KvF16>,
        (TensorType.F32, _) => AttentionKernel.Run<KvF32, KvBF16>,
        (TensorType.F16, TensorType.F32) => AttentionKernel.Run<KvF16, KvF32>,
        (TensorType.F16, TensorType.F16) => AttentionKernel.Run<KvF16, KvF16>,
        (TensorType.F16, _) => AttentionKernel.Run<KvF16, KvBF16>,
        (_, TensorType.F32) => AttentionKernel.Run<KvBF16, KvF32>,
        (_, TensorType.F16) => AttentionKernel.Run<KvBF16, KvF16>,
        _ => AttentionKernel.Run<KvBF16, KvBF16>,
    };
}
