using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>Whole programs: fused and cut they give the same bits, they run again, allocate nothing and can be cancelled.</summary>
public sealed class ProgramTests : CpuTest
{
    private const int Width = 64, Heads = 4, KvHeads = 2, HeadWidth = 16, Hidden = 96;

    /// <summary>A block of a llama-like model from embedding to logits.</summary>
    private static (Case Case, Dictionary<string, GraphValue> Values) Block(int tokens, int cached, TensorType type, int outputs)
    {
        var random = new Random(tokens * 31 + cached);
        var spec = new KvCacheSpec
        {
            PageTokens = 32,
            Layers = [new() { Layer = 0, Heads = KvHeads, KeyWidth = HeadWidth, ValueWidth = HeadWidth, KeyType = TensorType.F16, ValueType = TensorType.F16 }],
        };
        var test = new Case(random)
        {
            Kv = spec,
            Step = Case.Rows(tokens, cached) with
            {
                TokenIds = Enumerable.Range(0, tokens).Select(_ => random.Next(50)).ToArray(),
                OutputRows = Enumerable.Range(tokens - outputs, outputs).ToArray(),
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = tokens, CachedLength = cached, PageCount = 8 } },
                Pages = new[] { 3, 1, 0, 2, 7, 6, 5, 4 },
            },
            Bounds = new StepBounds { Tokens = 64, OutputRows = 64, Sequences = 4, Context = 256 },
        };
        var values = new Dictionary<string, GraphValue>();
        GraphValue Value(string name, SymbolicShape shape) => values[name] = new GraphValue(name, TensorType.F32, shape);
        GraphValue Matrix(int k, int m) => test.Weight(k % type.BlockLength() == 0 ? type : TensorType.Q8_0, new(k, m));
        void Do(Operation operation) => test.Operations.Add(operation);
        var n = Dimension.Tokens;
        var o = Dimension.OutputRows;
        var rope = new RopeParameters { Style = RopeStyle.Adjacent, RotaryWidth = HeadWidth };

        var x = Value("x", new(Width, n));
        Do(new GetRows(Matrix(Width, 50), RowSource.TokenIds, x));
        var normed = Value("normed", new(Width, n));
        Do(new RmsNorm(x, test.Weight(TensorType.F32, new(Width)), 1e-5f, normed));
        GraphValue q = Value("q", new(Width, n)), k = Value("k", new(KvHeads * HeadWidth, n)), v = Value("v", new(KvHeads * HeadWidth, n));
        GraphValue qh = Value("qh", new(HeadWidth, Heads, n)), kh = Value("kh", new(HeadWidth, KvHeads, n)), vh = Value("vh", new(HeadWidth, KvHeads, n));
        GraphValue qr = Value("qr", new(HeadWidth, Heads, n)), kr = Value("kr", new(HeadWidth, KvHeads, n));
        Do(new MatMul(Matrix(Width, Width), normed, test.Weight(TensorType.F32, new(Width)), q));
        Do(new View(q, 0, qh));
        Do(new Rope(qh, null, rope, qr));
        Do(new MatMul(Matrix(Width, KvHeads * HeadWidth), normed, null, k));
        Do(new View(k, 0, kh));
        Do(new Rope(kh, null, rope, kr));
        Do(new MatMul(Matrix(Width, KvHeads * HeadWidth), normed, null, v));
        Do(new View(v, 0, vh));
        Do(new KvAppend(kr, vh, 0));
        var attended = Value("attended", new(Width, n));
        Do(new Attention(qr, null, 0, new AttentionParameters { Scale = 0.25f }, attended));
        GraphValue projected = Value("projected", new(Width, n)), chosen = Value("chosen", new(Width, o)), kept = Value("kept", new(Width, o));
        Do(new MatMul(Matrix(Width, Width), attended, null, projected));
        Do(new GetRows(projected, RowSource.OutputRows, chosen));
        Do(new GetRows(x, RowSource.OutputRows, kept));
        GraphValue sum = Value("sum", new(Width, o)), second = Value("second", new(Width, o));
        Do(new Add(kept, chosen, sum));
        Do(new RmsNorm(sum, test.Weight(TensorType.F32, new(Width)), 1e-5f, second));
        GraphValue gate = Value("gate", new(Hidden, o)), up = Value("up", new(Hidden, o)), gated = Value("gated", new(Hidden, o));
        Do(new MatMul(Matrix(Width, Hidden), second, null, gate));
        Do(new MatMul(Matrix(Width, Hidden), second, null, up));
        Do(new Gated(gate, up, Activation.Silu, gated));
        GraphValue down = Value("down", new(Width, o)), last = Value("last", new(Width, o)), final = Value("final", new(Width, o)), logits = Value("logits", new(50, o));
        Do(new MatMul(Matrix(Hidden, Width), gated, null, down));
        Do(new Add(sum, down, last));
        Do(new RmsNorm(last, test.Weight(TensorType.F32, new(Width)), 1e-5f, final));
        Do(new MatMul(Matrix(Width, 50), final, null, logits));
        return (test, values);
    }

    public static TheoryData<TensorType, int, int, int> Steps => new()
    {
        { TensorType.Q4_1, 1, 0, 1 }, { TensorType.Q4_1, 1, 77, 1 }, { TensorType.Q4_1, 40, 0, 1 }, { TensorType.Q4_1, 33, 64, 33 }, { TensorType.Q8_0, 7, 5, 3 },
        { TensorType.Q5_0, 5, 30, 0 }, { TensorType.F16, 9, 0, 2 }, { TensorType.F32, 3, 31, 3 },
    };

    [Theory, MemberData(nameof(Steps))]
    public void A_program_gives_the_bits_of_its_operations_one_by_one(TensorType type, int tokens, int cached, int outputs)
    {
        var (test, values) = Block(tokens, cached, type, outputs);
        var cache = new ReferenceKvCache(test.Kv!, 8);
        var whole = test.RunAll(Runs, cache)[0];
        // Every value an output of the slice: nothing can be fused away, and nothing shares memory.
        var visible = test.Visible();
        Case.Same(visible.RunAll(Runs, cache)[^1], whole, "fused");
    }

    [Theory, MemberData(nameof(Steps))]
    public void A_program_runs_again_and_allocates_nothing(TensorType type, int tokens, int cached, int outputs)
    {
        var (test, _) = Block(tokens, cached, type, outputs);
        foreach (var run in Runs)
        {
            using var running = test.Start(run, new ReferenceKvCache(test.Kv!, 8));
            for (var i = 0; i < 3; i++) running.Run();
            var first = running.Outputs()[0];
            var byWorkers = run.Host.AllocatedByWorkers;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) running.Run();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(byWorkers, run.Host.AllocatedByWorkers);
            Case.Same(first, running.Outputs()[0], "again");
        }
    }

    [Fact]
    public void A_cancelled_program_stops_and_runs_again()
    {
        var (test, _) = Block(20, 0, TensorType.Q4_1, 1);
        foreach (var run in Runs)
        {
            using var running = test.Start(run, new ReferenceKvCache(test.Kv!, 8));
            using var source = new CancellationTokenSource();
            source.Cancel();
            Assert.Throws<OperationCanceledException>(() => running.Run(source.Token));
            running.Run();
            Case.Same(test.Run(run, new ReferenceKvCache(test.Kv!, 8))[0], running.Outputs()[0], "after cancelling");
        }
    }

    [Fact]
    public void A_disposed_program_refuses_to_run()
    {
        var (test, _) = Block(2, 0, TensorType.Q4_1, 1);
        var running = test.Start(Best, new ReferenceKvCache(test.Kv!, 8));
        running.Dispose();
        Assert.Throws<ObjectDisposedException>(() => running.Run());
    }

    [Fact]
    public void The_workspace_is_shared_by_values_that_do_not_live_together()
    {
        var (test, values) = Block(8, 0, TensorType.Q4_1, 8);
        var device = Best.Device();
        var plan = device.Prepare(test.Slice(device.PrepareKvCache(test.Kv!)));
        var separate = device.Prepare(test.Visible().Slice(device.PrepareKvCache(test.Kv!)));
        var all = values.Values.Sum(v => v.Resolve(test.Bounds!.Value).ByteLength);
        Assert.Single(plan.WorkspaceBlocks);
        Assert.True((long)plan.WorkspaceBlocks[0] - (long)separate.WorkspaceBlocks[0] < all / 2,
            $"{plan.WorkspaceBlocks[0]} bytes against {separate.WorkspaceBlocks[0]} without values; all values are {all}.");
    }
}
