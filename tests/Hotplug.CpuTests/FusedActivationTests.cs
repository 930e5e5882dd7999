using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Programs;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>Activations that are fused with the matrices before them and the quantisation behind them: the same bits as without, and not where something else reads the products.</summary>
public sealed class FusedActivationTests : CpuTest
{
    private const int Width = 256;

    // Quantised and float types with panels of all heights, alike and mixed.
    private static readonly (TensorType Gate, TensorType Up)[] s_pairs =
    [
        (TensorType.Q4_1, TensorType.Q4_1), (TensorType.Q4_K, TensorType.Q6_K), (TensorType.Q8_0, TensorType.Q5_0), (TensorType.F32, TensorType.F32), (TensorType.F16, TensorType.Q4_0),
        (TensorType.Q3_K, TensorType.BF16), (TensorType.IQ4_XS, TensorType.IQ2_S),
    ];

    private static readonly TensorType[] s_downs = [TensorType.Q4_0, TensorType.Q8_0, TensorType.F32];

    private static readonly int[] s_tokens = [1, 3, 4, 21];

    /// <summary>A feed-forward block of which everything may differ.</summary>
    private sealed record Block(Case Case, GraphValue[] Products, GraphValue Activated)
    {
        public static Block Make(Random random, int hidden, int tokens)
        {
            var test = new Case(random) { Step = Case.Rows(tokens) };
            test.Bounds = test.Step.Extents with { Tokens = tokens + random.Next(3) };
            var (gateType, upType) = s_pairs[random.Next(s_pairs.Length)];
            var x = test.Input(new(Width, Dimension.Tokens));
            // Sometimes one more matrix in the step, before or between.
            var others = random.Next(3);
            if (others == 1) Product(TensorType.Q4_0, x, 9);
            var gate = Product(gateType, x, hidden);
            if (others == 2) Product(TensorType.F32, x, 21);
            // Sometimes no other matrix, or no other operand.
            var up = random.Next(5) != 0 ? Product(upType, x, hidden) : gate;
            GraphValue activated = Value(hidden), down;
            var function = Enum.GetValues<Activation>()[random.Next(Enum.GetValues<Activation>().Length)];
            test.Operations.Add(up == gate && random.Next(2) == 0 ? new Activate(gate, function, activated)
                : new Gated(gate, up, function, activated) { Alpha = random.Next(2) == 0 ? 1 : 1.702f, Limit = random.Next(2) == 0 ? 0 : 0.5f });
            var type = s_downs[random.Next(s_downs.Length)];
            down = Product(hidden % type.BlockLength() == 0 ? type : TensorType.F16, activated, 13);
            // Sometimes read as floats and quantised.
            if (random.Next(3) == 0)
            {
                var floats = Product(TensorType.F32, activated, 13);
                test.Operations.Add(new Add(down, floats, Value(13)));
            }
            return new Block(test, up == gate ? [gate] : [gate, up], activated);

            GraphValue Product(TensorType weight, GraphValue input, int rows)
            {
                var output = Value(rows);
                test.Operations.Add(new MatMul(test.Weight(weight, new(input.Shape.D0.Constant, rows)), input, random.Next(2) == 0 ? test.Weight(TensorType.F32, new(rows)) : null, output));
                return output;
            }

            static GraphValue Value(int width) => new("v", TensorType.F32, new(width, Dimension.Tokens));
        }
    }

    [Theory, InlineData(16), InlineData(8)]
    public async Task Fused_and_apart_have_the_same_bits(int bits)
    {
        var runs = bits == 16 ? Runs : await StartAllAsync(bits);
        Gen.Select(Gen.Int, Gen.Int[0, 3], Gen.Bool, Gen.Int[1, 180]).Sample((seed, tokens, blocks, size) =>
        {
            var hidden = blocks ? (size + 31) / 32 * 32 : size;
            var block = Block.Make(new Random(seed), hidden, s_tokens[tokens]);
            var apart = block.Case.With([.. block.Products, block.Activated]);
            Assert.Equal(1, Activations(block.Case));
            Assert.Equal(0, Activations(apart));
            var expected = apart.RunAll(runs);
            Case.Same(expected[0], block.Case.RunAll(runs)[0], "fused");
            // The result of the function itself, which the slice now hands out.
            var visible = block.Case.With(block.Activated);
            Assert.Equal(1, Activations(visible));
            var all = visible.RunAll(runs);
            Case.Same(expected[0], all[0], "fused, with the result of the function as an output");
            Case.Same(expected[^1], all[1], "the result of the function");
            // It is what the reference makes of the same products.
            var operation = block.Case.Operations.Single(o => o is Activate or Gated);
            Case.Same(all[1], block.Case.Only(operation, [.. block.Products.Zip(expected[1..])]).Check([Best])[0], "the function alone");
        }, iter: 200, threads: 1);
    }

    // More columns than a worker takes at once, of few and of many tokens, and more tokens.
    [Theory, InlineData(1200, 1), InlineData(1184, 2), InlineData(1200, 17), InlineData(96, 515)]
    public void Large_blocks_have_the_same_bits(int hidden, int tokens)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var block = Block.Make(new Random(seed), hidden, tokens);
            BackendRun[] runs = [Runs[0], Best];
            Case.Same(block.Case.With([.. block.Products]).RunAll(runs)[0], block.Case.RunAll(runs)[0], "fused");
        }
    }

    [Fact]
    public void A_fused_block_has_fewer_phases_and_needs_no_room_for_the_products()
    {
        var test = Plain(512);
        var (gate, up) = (test.Operations[0].Writes[0], test.Operations[1].Writes[0]);
        CpuPlan fused = Plan(test), apart = Plan(test.With(gate, up));
        // Quantisation, gate and up, down; the activation and its quantisation are a phase of their own otherwise.
        Assert.Equal(3, fused.Layout.Steps.Count);
        Assert.Equal(4, apart.Layout.Steps.Count);
        Assert.False(fused.Layout.Values.ContainsKey(gate) || fused.Layout.Values.ContainsKey(up));
        Assert.False(fused.Layout.Values.ContainsKey(test.Operations[2].Writes[0]));
        // With another reader the products lie in the workspace.
        var read = Plain(512);
        read.Operations.Insert(2, new Scale(read.Operations[0].Writes[0], 2, new GraphValue("other", TensorType.F32, gate.Shape)));
        var (small, large) = (fused.WorkspaceBlocks[0], Plan(read).WorkspaceBlocks[0]);
        Assert.True(small + (nuint)(2 * gate.Resolve(test.Step.Extents).ByteLength) < large, $"{small} bytes of workspace against {large}.");
    }

    [Fact]
    public void What_something_else_reads_is_not_fused()
    {
        var test = Plain(4);
        var (gate, up) = (test.Operations[0].Writes[0], test.Operations[1].Writes[0]);
        Assert.Equal(1, Activations(test));
        Assert.Equal(0, Activations(test.With(gate)));
        Assert.Equal(0, Activations(test.With(up)));
        foreach (var value in new[] { gate, up })
        {
            var scaled = Plain(4);
            var read = scaled.Operations[value == gate ? 0 : 1].Writes[0];
            scaled.Operations.Insert(3, new Scale(read, 2, new GraphValue("other", TensorType.F32, read.Shape)));
            Assert.Equal(0, Activations(scaled));
            var viewed = Plain(4);
            read = viewed.Operations[value == gate ? 0 : 1].Writes[0];
            viewed.Operations.Insert(3, new View(read, 0, new GraphValue("view", TensorType.F32, read.Shape)));
            Assert.Equal(0, Activations(viewed));
        }
    }

    [Theory, InlineData(1), InlineData(21)]
    public void A_fused_block_allocates_nothing(int tokens) => Plain(tokens).AllocatesNothing(Best);

    // Two matrices, their function, and a matrix behind.
    private static Case Plain(int tokens)
    {
        const int Hidden = 320;
        var test = new Case(new Random(1)) { Step = Case.Rows(tokens) };
        var x = test.Input(new(Width, Dimension.Tokens));
        GraphValue gate = new("gate", TensorType.F32, new(Hidden, Dimension.Tokens)), up = new("up", TensorType.F32, gate.Shape), gated = new("gated", TensorType.F32, gate.Shape);
        test.Operations.Add(new MatMul(test.Weight(TensorType.Q4_1, new(Width, Hidden)), x, null, gate));
        test.Operations.Add(new MatMul(test.Weight(TensorType.Q4_1, new(Width, Hidden)), x, null, up));
        test.Operations.Add(new Gated(gate, up, Activation.Silu, gated));
        test.Operations.Add(new MatMul(test.Weight(TensorType.Q8_0, new(Hidden, 50)), gated, null, new GraphValue("down", TensorType.F32, new(50, Dimension.Tokens))));
        return test;
    }

    private CpuPlan Plan(Case test) => (CpuPlan)Best.Device().Prepare(test.Slice(null));

    private int Activations(Case test) => Plan(test).Layout.Steps.OfType<ProgramStep.Matrices>().Sum(m => m.Activations.Count);
}
