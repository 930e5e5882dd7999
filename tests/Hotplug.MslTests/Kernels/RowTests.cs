using CsCheck;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Rotation, pooling and the routing of experts against the reference.</summary>
public sealed class RowTests
{
    public static RopeParameters Rotation(Random random, int width) => new()
    {
        Style = (RopeStyle)random.Next(2), RotaryWidth = 2 * random.Next(1, width / 2 + 1), FrequencyScale = random.Next(2) == 0 ? 1f : 0.25f,
        ExtrapolationFactor = random.Next(3) == 0 ? 1f : 0f, AttentionFactor = random.Next(3) == 0 ? 1.2f : 1f, OriginalContext = 2048,
    };

    [Fact]
    public void Rope()
    {
        using var library = Library.Compile("Rows/Rope.metal");
        Gen.Select(Gen.Int, Gen.Int[2, 80], Gen.Int[1, 5], Gen.Enum<ActivationKind>()).Sample((seed, head, tokens, kind) =>
        {
            var random = new Random(seed);
            var test = new KernelCase(random, KernelCase.Rows(tokens, random.Next(1000)));
            var x = test.Input(new(head, 3, Dimension.Tokens), kind);
            var parameters = Rotation(random, head);
            var table = new RopeTable(parameters, []);
            var turns = new float[tokens * table.RowLength];
            table.Fill(test.Step.Positions.Span, turns);
            using var run = new KernelRun(library, "rope");
            run.Bytes(0, new RopeArgs { Head = (uint)head, Heads = 3, Rows = (uint)tokens, Pairs = (uint)table.Pairs, Adjacent = parameters.Style == RopeStyle.Adjacent ? 1u : 0 })
                .Bind(1, test.Bytes(x), readOnly: true).Bind(2, turns, readOnly: true).Room<float>(3, head * 3 * tokens).Run((ulong)random.Next(1, 5), (ulong)random.Next(1, 70));
            test.Check(new Rope(x, null, parameters, KernelCase.Output(x.Shape)), null, run.Read<float>(3));
        }, iter: 25, threads: 1);
    }

    [Theory, InlineData(Pooling.Mean), InlineData(Pooling.First), InlineData(Pooling.Last)]
    public void Pool(Pooling kind)
    {
        using var library = Library.Compile("Rows/Pool.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 40]).Sample((seed, width) =>
        {
            var random = new Random(seed);
            var rows = 0;
            var sequences = new SequenceStep[random.Next(1, 4)];
            for (var s = 0; s < sequences.Length; s++, rows += sequences[s - 1].RowCount) sequences[s] = new SequenceStep { FirstRow = rows, RowCount = random.Next(4) };
            var test = new KernelCase(random, new() { TokenIds = new int[rows], Positions = new int[rows], Sequences = sequences });
            var x = test.Input(new(width, Dimension.Tokens));
            using var run = new KernelRun(library, "pool");
            run.Bytes(0, new PoolArgs { Width = (uint)width, Sequences = (uint)sequences.Length, Kind = (uint)kind })
                .Bind(1, test.Bytes(x), readOnly: true).Bind(2, test.SequenceTable(), readOnly: true).Room<float>(3, width * sequences.Length).Run(2, 32);
            test.Check(new Pool(x, kind, KernelCase.Output(new(width, Dimension.Sequences))), null, run.Read<float>(3));
        }, iter: 15, threads: 1);
    }

    [Fact]
    public void RouteTopK()
    {
        using var library = Library.Compile("Experts/RouteTopK.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 130], Gen.Int[1, 4], Gen.Bool, Gen.Bool, Gen.Bool).Sample((seed, experts, tokens, sigmoid, renormalize, bias) =>
        {
            var random = new Random(seed);
            var used = 1 + random.Next(Math.Min(experts, 9));
            var test = new KernelCase(random, KernelCase.Rows(tokens));
            // Few different numbers, so that there are ties.
            var logits = test.Given(new(experts, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, experts * tokens).Select(_ => random.Next(4) * 0.5f)]);
            var b = bias ? test.Weight(TensorType.F32, new(experts)) : null;
            using var run = new KernelRun(library, "route_top_k");
            run.Bytes(0, new RouteTopKArgs { Experts = (uint)experts, Used = (uint)used, Tokens = (uint)tokens, IsSigmoid = sigmoid ? 1u : 0, Renormalize = renormalize ? 1u : 0, HasBias = bias ? 1u : 0, Scale = 2.5f })
                .Bind(1, test.Bytes(logits), readOnly: true).Bind(2, test.Bytes(b), readOnly: true).Room<int>(3, used * tokens).Room<float>(4, used * tokens).Run(2, 32);
            test.Check(new RouteTopK(logits, b, sigmoid, renormalize, 2.5f, KernelCase.Output(new(used, Dimension.Tokens), TensorType.I32), KernelCase.Output(new(used, Dimension.Tokens))), null,
                [.. run.Read<int>(3).Select(id => (float)id)], run.Read<float>(4));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void CombineExperts()
    {
        using var library = Library.Compile("Experts/CombineExperts.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 60], Gen.Int[1, 4], Gen.Int[1, 5]).Sample((seed, m, used, tokens) =>
        {
            var test = new KernelCase(new Random(seed), KernelCase.Rows(tokens));
            var (y, w) = (test.Input(new(m, used, Dimension.Tokens)), test.Input(new(used, Dimension.Tokens)));
            using var run = new KernelRun(library, "combine_experts");
            run.Bytes(0, new CombineExpertsArgs { M = (uint)m, Used = (uint)used, Tokens = (uint)tokens }).Bind(1, test.Bytes(y), readOnly: true).Bind(2, test.Bytes(w), readOnly: true)
                .Room<float>(3, m * tokens).Run(3, 20);
            test.Check(new CombineExperts(y, w, KernelCase.Output(new(m, Dimension.Tokens))), null, run.Read<float>(3));
        }, iter: 15, threads: 1);
    }
}
