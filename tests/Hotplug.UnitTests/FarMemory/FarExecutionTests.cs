using CsCheck;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.UnitTests.Reference;
using Xunit;

namespace Hotplug.UnitTests.FarMemory;

public sealed class FarExecutionTests
{
    public static TheoryData<TensorType> Types => [.. Dequantizer.Types];

    [Theory, MemberData(nameof(Types))]
    public void A_product_equals_the_reference_rounded_from_both_layouts(TensorType type) => Gen.Select(Gen.Int, Gen.Int[1, 5], Gen.Int[1, 4], Gen.Bool, Gen.Bool)
        .Sample((seed, rows, tokens, inPrivate, async) =>
        {
            using var bench = new FarBench(("async", async ? "true" : "false"));
            var random = new Random(seed);
            var product = new Product(type, 2 * Math.Max(32, type.BlockLength()), rows, bound: 4);
            var bytes = RandomBlocks.Make(product.Weight.Resolve(default), BlockKind.Mixed, random);
            var x = new float[product.Width * tokens];
            RandomActivations.Fill(ActivationKind.Ordinary, random, x);
            var step = OneOperation.Rows(tokens);
            var oracle = new ReferenceInterpreter(product.Slice, _ => ReferenceWeight.FromBytes(product.Weight.Resolve(default), bytes)) { RoundToSingle = true };
            var expected = oracle.Run(step, null, x)[0];
            var compiled = bench.Compile(product.Slice, weight => bench.Place(inPrivate ? bench.Private : bench.Plain, weight.Resolve(default), bytes));
            compiled.Fill(0, x);
            Assert.True(compiled.Start(step).Wait(Timeout.InfiniteTimeSpan));
            Assert.Equal(expected, compiled.Result(0, step).Select(y => (double)y));
        }, iter: 20);

    [Fact]
    public void Nothing_is_done_before_somebody_waits_and_polling_is_waiting()
    {
        using var bench = new FarBench();
        var product = new Product(TensorType.F32, 4, 3, bound: 2);
        var compiled = bench.Compile(product.Slice, weight => bench.Place(bench.Private, weight.Resolve(default), new byte[48]));
        compiled.Fill(0, new float[8]);
        var step = OneOperation.Rows(2);
        var fence = compiled.Start(step);
        // Load, one operation, store.
        Assert.False(fence.IsComplete);
        Assert.False(fence.Wait(TimeSpan.Zero));
        Assert.True(fence.IsComplete);
        Assert.Null(fence.Fault);
        Assert.All(compiled.Result(0, step), y => Assert.Equal(0, y));
    }

    [Fact]
    public void Runs_queue_up_and_each_keeps_its_own_arguments()
    {
        using var bench = new FarBench();
        var table = new GraphValue("table", TensorType.F32, new(1, 5), isWeight: true);
        var output = new GraphValue("y", TensorType.F32, new(1, Dimension.Tokens));
        var slice = new GraphSlice
        {
            Operations = [new GetRows(table, RowSource.TokenIds, output)], Weights = [table], Inputs = [], Outputs = [output],
            Bounds = new() { Tokens = 3, OutputRows = 0, Sequences = 0 },
        };
        var bytes = Quantizer.Write(TensorType.F32, [10, 11, 12, 13, 14]);
        var compiled = bench.Compile(slice, weight => bench.Place(bench.Private, weight.Resolve(default), bytes));
        var second = new TensorRef(bench.Allocate(bench.Plain, bench.Plain.AllocationSize(output.Resolve(slice.Bounds))), 0, output.Resolve(slice.Bounds));
        Span<int> ids = [4, 0, 2];
        var first = compiled.Executable.Run(new() { TokenIds = ids, Outputs = compiled.Outputs, Workspace = compiled.Workspace });
        ids.Fill(1);
        var last = compiled.Executable.Run(new() { TokenIds = ids[..2], Outputs = new[] { second }, Workspace = compiled.Workspace });
        Assert.True(last.Wait(Timeout.InfiniteTimeSpan));
        Assert.True(first.IsComplete);
        var step = new ReferenceStep { TokenIds = new int[3] };
        Assert.Equal([14, 10, 12], compiled.Result(0, step));
        var read = new byte[8];
        second.Buffer.Read(second, 0, read);
        Assert.Equal([11, 11], Dequantizer.Read(TensorType.F32, read));
    }

    [Fact]
    public void Weights_written_after_compiling_are_seen()
    {
        using var bench = new FarBench();
        var product = new Product(TensorType.F32, 1, 1, bound: 1);
        TensorRef place = default;
        var compiled = bench.Compile(product.Slice, weight => place = bench.Place(bench.Private, weight.Resolve(default), Quantizer.Write(TensorType.F32, [2])));
        compiled.Fill(0, [10]);
        var step = OneOperation.Rows(1);
        compiled.Start(step);
        Assert.Equal([20], compiled.Result(0, step));
        place.Buffer.Write(place, 0, Quantizer.Write(TensorType.F32, [3]));
        compiled.Start(step);
        Assert.Equal([30], compiled.Result(0, step));
    }

    [Fact]
    public void Disposing_finishes_what_was_started()
    {
        using var bench = new FarBench();
        var product = new Product(TensorType.F32, 1, 1, bound: 1);
        var compiled = bench.Compile(product.Slice, weight => bench.Place(bench.Private, weight.Resolve(default), Quantizer.Write(TensorType.F32, [2])));
        compiled.Fill(0, [10]);
        var step = OneOperation.Rows(1);
        var fence = compiled.Start(step);
        compiled.Executable.Dispose();
        compiled.Executable.Dispose();
        Assert.True(fence.IsComplete);
        Assert.Null(fence.Fault);
        Assert.Equal([20], compiled.Result(0, step));
        Assert.Throws<ObjectDisposedException>(() => compiled.Start(step));
    }

    [Theory, InlineData("true"), InlineData("false")]
    public void Cancelled_work_says_so_and_may_be_repeated(string async)
    {
        using var bench = new FarBench(("async", async));
        var product = new Product(TensorType.F32, 1, 1, bound: 1);
        var compiled = bench.Compile(product.Slice, weight => bench.Place(bench.Private, weight.Resolve(default), Quantizer.Write(TensorType.F32, [2])));
        compiled.Fill(0, [10]);
        var step = OneOperation.Rows(1);
        var cancelled = step with { Cancellation = new CancellationToken(canceled: true) };
        if (async == "false") Assert.Throws<OperationCanceledException>(() => { compiled.Start(cancelled); });
        else
        {
            var fence = compiled.Start(cancelled);
            Assert.True(fence.Wait(Timeout.InfiniteTimeSpan));
            Assert.Equal(FaultKind.Cancelled, fence.Fault!.Kind);
        }
        Assert.True(compiled.Start(step).Wait(Timeout.InfiniteTimeSpan));
        Assert.Equal([20], compiled.Result(0, step));
    }

    [Fact]
    public void A_lost_device_fails_everything_but_disposal()
    {
        using var bench = new FarBench(("lose-device-after", "2"));
        var product = new Product(TensorType.F32, 1, 1, bound: 1);
        var compiled = bench.Compile(product.Slice, weight => bench.Place(bench.Private, weight.Resolve(default), Quantizer.Write(TensorType.F32, [2])));
        compiled.Fill(0, [10]);
        var step = OneOperation.Rows(1);
        var first = compiled.Start(step);
        Assert.Throws<DeviceLostException>(() => { compiled.Start(step); });
        Assert.True(first.IsComplete);
        Assert.IsType<DeviceLostException>(first.Fault);
        Assert.Throws<DeviceLostException>(() => { compiled.Start(step); });
        Assert.Throws<DeviceLostException>(() => { compiled.Result(0, step); });
        Assert.Throws<DeviceLostException>(() => { bench.Allocate(bench.Plain, 1); });
        Assert.Equal(new(null, null), bench.Device.QueryMemory());
        compiled.Executable.Dispose();
    }

    [Fact]
    public void Steps_allocate_nothing_once_warm()
    {
        using var bench = new FarBench();
        var chain = new Chain();
        var pool = bench.Pool(chain.Cache, 2);
        var compiled = bench.Compile(chain.Slice(bench.Device.PrepareKvCache(chain.Cache), 0, chain.Operations.Count), weight => bench.Place(bench.Private, weight.Resolve(default), chain.Bytes(weight)));
        var step = chain.Step(0, 4);
        for (var i = 0; i < 3; i++) compiled.Start(step, pool).Wait(Timeout.InfiniteTimeSpan);
        // Waiting may make an event of the runtime's own, once; what steps allocate is there in every round.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) compiled.Start(step, pool).Wait(Timeout.InfiniteTimeSpan);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    [Fact]
    public void A_graph_cut_anywhere_gives_the_bits_of_the_whole() => Gen.Select(Gen.Int[1, 12], Gen.Bool).Sample((cut, two) =>
    {
        var chain = new Chain();
        var expected = chain.Reference(4);
        using var bench = new FarBench();
        var pool = bench.Pool(chain.Cache, 2);
        var layout = bench.Device.PrepareKvCache(chain.Cache);
        var places = new Dictionary<GraphValue, TensorRef>();
        TensorRef Weight(GraphValue weight) => places.TryGetValue(weight, out var place) ? place : places[weight] = bench.Place(bench.Private, weight.Resolve(default), chain.Bytes(weight));
        var head = bench.Compile(chain.Slice(layout, 0, cut), Weight);
        var tail = bench.Compile(chain.Slice(layout, cut, chain.Operations.Count), Weight);
        var actual = new List<float>();
        // Once as one step, once as two.
        foreach (var (start, count) in two ? new[] { (0, 3), (3, 1) } : [(0, 4)])
        {
            var step = chain.Step(start, count);
            head.Start(step, pool);
            for (var i = 0; i < tail.Inputs.Length; i++)
                tail.Fill(i, head.Result(Array.IndexOf([.. head.Slice.Outputs], tail.Slice.Inputs[i]), step));
            tail.Start(step, pool);
            actual.AddRange(tail.Result(0, step));
        }
        Assert.Equal(expected, actual.Select(y => (double)y));
    }, iter: 30);

    [Fact]
    public void Cache_pages_keep_their_own_layout_and_speak_the_neutral_form()
    {
        using var bench = new FarBench();
        var spec = new KvCacheSpec
        {
            PageTokens = bench.Device.Info.KvPageTokens,
            Layers =
            [
                new() { Layer = 0, Heads = 3, KeyWidth = 4, ValueWidth = 5, KeyType = TensorType.F32, ValueType = TensorType.F16 },
                new() { Layer = 7, Heads = 1, KeyWidth = 2, ValueWidth = 2, KeyType = TensorType.BF16, ValueType = TensorType.F32 },
            ],
        };
        var pool = bench.Pool(spec, 2);
        var random = new Random(3);
        var expected = new Dictionary<(int, KvPart), byte[]>();
        foreach (var layer in spec.Layers)
            foreach (var part in Enum.GetValues<KvPart>())
            {
                var rowBytes = (int)(part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes);
                var bytes = new byte[rowBytes * spec.PageTokens];
                random.NextBytes(bytes);
                // Backwards, in runs of three, so that no write covers a whole page.
                for (var first = (spec.PageTokens - 1) / 3 * 3; first >= 0; first -= 3)
                    pool.Layout.Write(pool.Locate(1), layer.Layer, part, first, bytes.AsSpan(first * rowBytes, Math.Min(3, spec.PageTokens - first) * rowBytes));
                expected.Add((layer.Layer, part), bytes);
            }
        pool.Layout.Copy(pool.Locate(1), pool.Locate(0));
        foreach (var ((layer, part), bytes) in expected)
        {
            var read = new byte[bytes.Length];
            pool.Layout.Read(pool.Locate(0), layer, part, 0, read);
            Assert.Equal(bytes, read);
            var row = bytes.Length / spec.PageTokens;
            pool.Layout.Read(pool.Locate(1), layer, part, 5, read.AsSpan(0, row));
            Assert.Equal(bytes[(5 * row)..(6 * row)], read[..row]);
            Assert.Throws<ArgumentException>(() => pool.Layout.Read(pool.Locate(0), layer, part, 7, new byte[2 * row]));
            Assert.Throws<ArgumentException>(() => pool.Layout.Read(pool.Locate(0), layer, part, 0, new byte[row - 1]));
        }
        Assert.Throws<ArgumentException>(() => pool.Layout.Read(pool.Locate(0), 1, KvPart.Keys, 0, []));
        Assert.Throws<UnsupportedException>(() => bench.Device.PrepareKvCache(spec with { PageTokens = 16 }));
    }

    [Fact]
    public void It_says_no_with_a_reason_to_what_it_cannot_run()
    {
        using var bench = new FarBench(("max-allocation", "4 KiB"));
        using var other = new FarBench();
        var product = new Product(TensorType.F32, 4, 3, bound: 2);
        Support Ask(Product asked, bool foreign = false) => bench.Device.Supports(new()
        {
            Operation = asked.Slice.Operations[0], Bounds = asked.Slice.Bounds, WeightBufferType = foreign ? other.Private : bench.Private,
        });
        Assert.True(Ask(product).IsSupported);
        Assert.Contains("cannot be read", Ask(product, foreign: true).Reason);
        Assert.Contains("NVFP4", Ask(new Product(TensorType.NVFP4, 256, 1, 1)).Reason);
        Assert.Contains("512", Ask(new Product(TensorType.F32, 513, 1, 1)).Reason);
        Assert.Throws<UnsupportedException>(() => bench.Device.Prepare(new Product(TensorType.F32, 513, 1, 1).Slice));
    }

    /// <summary>y = W·x as a slice.</summary>
    private sealed class Product
    {
        public Product(TensorType type, int width, int rows, int bound)
        {
            Width = width;
            Weight = new GraphValue("w", type, new(width, rows), isWeight: true);
            var input = new GraphValue("x", TensorType.F32, new(width, Dimension.Tokens));
            var output = new GraphValue("y", TensorType.F32, new(rows, Dimension.Tokens));
            Slice = new()
            {
                Operations = [new MatMul(Weight, input, null, output)], Weights = [Weight], Inputs = [input], Outputs = [output],
                Bounds = new() { Tokens = bound, OutputRows = bound, Sequences = 1 },
            };
        }

        public int Width { get; }

        public GraphValue Weight { get; }

        public GraphSlice Slice { get; }
    }

    /// <summary>Embedding, norm, projections, rotation, cache, attention and residual in a row.</summary>
    private sealed class Chain
    {
        private const int Width = 32, Heads = 2, HeadWidth = 16;
        private readonly Dictionary<GraphValue, byte[]> _bytes = [];

        public Chain()
        {
            var random = new Random(5);
            GraphValue Weight(string name, TensorType type, long d0, long d1)
            {
                var value = new GraphValue(name, type, new(d0, d1), isWeight: true);
                _bytes.Add(value, RandomBlocks.Make(value.Resolve(default), BlockKind.Ordinary, random));
                return value;
            }
            static GraphValue Value(string name, params Dimension[] shape) => new(name, TensorType.F32, new(shape[0], shape[1], shape.Length > 2 ? shape[2] : null));
            var (embedding, norm) = (Weight("embedding", TensorType.Q8_0, Width, 20), Weight("norm", TensorType.F32, Width, 1));
            var x = Value("x", Width, Dimension.Tokens);
            var normed = Value("normed", Width, Dimension.Tokens);
            var qkv = new[] { "q", "k", "v" }.Select(name => Value(name, Width, Dimension.Tokens)).ToArray();
            var heads = new[] { "qh", "kh", "vh" }.Select(name => Value(name, HeadWidth, Heads, Dimension.Tokens)).ToArray();
            var rotated = new[] { "qr", "kr" }.Select(name => Value(name, HeadWidth, Heads, Dimension.Tokens)).ToArray();
            var (attended, sum) = (Value("attended", Width, Dimension.Tokens), Value("sum", Width, Dimension.Tokens));
            var rope = new RopeParameters { Style = RopeStyle.Adjacent, RotaryWidth = HeadWidth };
            Output = sum;
            Operations =
            [
                new GetRows(embedding, RowSource.TokenIds, x),
                new RmsNorm(x, norm, 1e-5f, normed),
                .. qkv.Select((value, i) => new MatMul(Weight($"w{i}", i == 1 ? TensorType.Q4_0 : TensorType.F16, Width, Width), normed, null, value)),
                .. qkv.Zip(heads, (value, head) => new View(value, 0, head)),
                new Rope(heads[0], null, rope, rotated[0]),
                new Rope(heads[1], null, rope, rotated[1]),
                new KvAppend(rotated[1], heads[2], 0),
                new Attention(rotated[0], null, 0, new() { Scale = 0.25f }, attended),
                new Add(x, attended, sum),
            ];
        }

        public IReadOnlyList<Operation> Operations { get; }

        public GraphValue Output { get; }

        public KvCacheSpec Cache { get; } = new()
        {
            PageTokens = 8,
            Layers = [new() { Layer = 0, Heads = Heads, KeyWidth = HeadWidth, ValueWidth = HeadWidth, KeyType = TensorType.F16, ValueType = TensorType.F16 }],
        };

        public byte[] Bytes(GraphValue weight) => _bytes[weight];

        public GraphSlice Slice(IKvLayout? layout, int from, int to)
        {
            var operations = Operations.Skip(from).Take(to - from).ToList();
            var written = operations.SelectMany(o => o.Writes).ToHashSet();
            var reads = operations.SelectMany(o => o.Reads).Distinct().ToList();
            var later = Operations.Skip(to).SelectMany(o => o.Reads).Append(Output).ToHashSet();
            return new()
            {
                Operations = operations,
                Weights = [.. reads.Where(value => value.IsWeight)],
                Inputs = [.. reads.Where(value => !value.IsWeight && !written.Contains(value))],
                Outputs = [.. written.Where(later.Contains)],
                Bounds = new() { Tokens = 4, OutputRows = 0, Sequences = 1, Context = 16 },
                KvLayout = layout,
            };
        }

        public ReferenceStep Step(int start, int count) => new()
        {
            TokenIds = new[] { 3, 19, 0, 7 }.AsMemory(start, count),
            Positions = Enumerable.Range(start, count).ToArray(),
            Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = count, CachedLength = start, PageCount = 1 } },
            Pages = new[] { 1 },
        };

        public double[] Reference(int count) => new ReferenceInterpreter(Slice(null, 0, Operations.Count), weight => ReferenceWeight.FromBytes(weight.Resolve(default), _bytes[weight]))
        {
            RoundToSingle = true,
        }.Run(Step(0, count), new ReferenceKvCache(Cache, 2))[0];
    }
}
