using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>Products of every type: within the bound of the reference, the same bits on every instruction set, thread count and number of rows.</summary>
public sealed class MatMulTests : CpuTest
{
    public static TheoryData<TensorType> Types => [.. Dequantizer.Types];

    [Theory, MemberData(nameof(Types))]
    public void Products_are_right_and_rows_are_independent(TensorType type)
        => Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[0, 11], Gen.Int[1, 4], Gen.Bool, Gen.Enum<BlockKind>(), Gen.Enum<ActivationKind>())
            .Sample((seed, rows, tokens, blocks, bias, weights, activations) =>
            {
                var random = new Random(seed);
                // Rows long and short: panels are made in stretches.
                var k = type.IsQuantized() ? (type.BlockLength() == 32 ? random.Next(1, 20) : blocks) * type.BlockLength() : blocks * 16 + random.Next(16);
                var test = Product(random, type, k, rows, tokens, bias, weights, activations);
                var all = test.Check(Runs)[0];
                if (tokens == 0) return;
                // One row by itself, in the same slice: other tiles, the same bits.
                var row = random.Next(tokens);
                Case.Same(all.AsSpan(row * rows, rows), test.Row(row, tokens).Run(Best)[0], "one row by itself");
            }, iter: 25, threads: 1);

    // More tokens than sums wait for at once, and rows of more than one stretch.
    [Theory, InlineData(TensorType.Q4_0), InlineData(TensorType.Q6_K), InlineData(TensorType.Q8_0), InlineData(TensorType.F32)]
    public void Rows_are_independent_among_very_many(TensorType type)
    {
        var random = new Random(1);
        var test = Product(random, type, 1280, 37, 519, bias: true, BlockKind.Ordinary, ActivationKind.Ordinary);
        var all = test.RunAll([Best])[0];
        foreach (var row in new[] { 0, 511, 512, 518 }) Case.Same(all.AsSpan(row * 37, 37), test.Row(row, 519).Run(Best)[0], $"row {row} by itself");
    }

    [Fact]
    public void Matrices_of_different_types_share_an_input()
        => Gen.Select(Gen.Int, Gen.Int[1, 6]).Sample((seed, tokens) =>
        {
            var random = new Random(seed);
            var test = new Case(random) { Step = Case.Rows(tokens) };
            var x = test.Input(new(256, Dimension.Tokens));
            var parts = new List<GraphValue>();
            foreach (var type in new[] { TensorType.F32, TensorType.Q4_K, TensorType.Q8_0, TensorType.Q6_K })
            {
                var y = new GraphValue("y", TensorType.F32, new(40, Dimension.Tokens));
                test.Operations.Add(new MatMul(test.Weight(type, new(256, 40)), x, null, y));
                parts.Add(y);
            }
            var sum = new GraphValue("sum", TensorType.F32, new(40, Dimension.Tokens));
            test.Operations.Add(new Add(parts[0], parts[3], sum));
            var together = test.RunAll(Runs)[0];
            // The same two products one by one.
            float[] Alone(int part)
            {
                var alone = test.Only(test.Operations[part]);
                return alone.Run(Runs[0])[0];
            }
            var (a, b) = (Alone(0), Alone(3));
            for (var i = 0; i < together.Length; i++) Assert.Equal(a[i] + b[i], together[i]);
        }, iter: 10, threads: 1);

    [Theory, MemberData(nameof(Types))]
    public void Experts_are_products_of_their_own(TensorType type)
        => Gen.Select(Gen.Int, Gen.Int[1, 40], Gen.Int[1, 5], Gen.Bool, Gen.Bool).Sample((seed, rows, tokens, shared, bias) =>
        {
            var random = new Random(seed);
            const int Experts = 5, Used = 2;
            var k = type.IsQuantized() ? type.BlockLength() : 21;
            var test = new Case(random) { Step = Case.Rows(tokens) };
            var ids = test.Given(new(Used, Dimension.Tokens), TensorType.I32, [.. Enumerable.Range(0, Used * tokens).Select(_ => (float)random.Next(Experts))]);
            var x = test.Input(new(k, shared ? 1 : Used, Dimension.Tokens));
            test.Operations.Add(new MatMulExperts(test.Weight(type, new(k, rows, Experts)), bias ? test.Weight(TensorType.F32, new(rows, Experts)) : null, x, ids,
                new GraphValue("y", TensorType.F32, new(rows, Used, Dimension.Tokens))));
            test.Check(Runs);
        }, iter: 10, threads: 1);

    internal static Case Product(Random random, TensorType type, int k, int rows, int tokens, bool bias, BlockKind weights, ActivationKind activations)
    {
        var test = new Case(random) { Step = Case.Rows(tokens) };
        test.Bounds = test.Step.Extents with { Tokens = tokens + random.Next(1, 4) };
        var x = test.Input(new(k, Dimension.Tokens), activations);
        test.Operations.Add(new MatMul(test.Weight(type, new(k, rows), weights), x, bias ? test.Weight(TensorType.F32, new(rows)) : null,
            new GraphValue("y", TensorType.F32, new(rows, Dimension.Tokens))));
        return test;
    }
}
