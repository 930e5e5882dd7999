using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>
/// Products with activations of eight bits: up to roundings the sums over the activations as eight bits hold them, and the same bits on every instruction set, thread count and number of rows.
/// </summary>
public sealed class EightBitTests : CpuTest
{
    protected override int ActivationBits => 8;

    public static TheoryData<TensorType> Types => [.. Dequantizer.Types.Where(MatrixKernel.MultipliesQuantized)];

    [Theory, MemberData(nameof(Types))]
    public void Products_are_right_and_rows_are_independent(TensorType type)
        => Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[1, 11], Gen.Int[1, 4], Gen.Bool, Gen.Enum<BlockKind>(), Gen.Enum<ActivationKind>())
            .Sample((seed, rows, tokens, blocks, bias, weights, activations) =>
            {
                var random = new Random(seed);
                var k = (type.BlockLength() == 32 ? random.Next(1, 20) : blocks) * type.BlockLength();
                var test = MatMulTests.Product(random, type, k, rows, tokens, bias, weights, activations);
                var all = test.RunAll(Runs)[0];
                test.InEightBits().CheckRoundings(all);
                var row = random.Next(tokens);
                Case.Same(all.AsSpan(row * rows, rows), test.Row(row, tokens).Run(Best)[0], "one row by itself");
            }, iter: 15, threads: 1);

    // Codes of either sign at their limits, in weights and in activations: sums that wrap around are exact in the end.
    [Theory, MemberData(nameof(Types))]
    public void Sums_hold_the_largest_products(TensorType type)
    {
        foreach (var tokens in new[] { 1, 4 })
            foreach (var sign in new[] { -1, 1 })
                for (var seed = 0; seed < 3; seed++)
                {
                    var random = new Random(seed);
                    var test = new Case(random) { Step = Case.Rows(tokens) };
                    var x = test.Given(new(256, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, 256 * tokens).Select(i => seed == 2 && i % 2 == 0 ? -sign : (float)sign)]);
                    test.Operations.Add(new MatMul(test.Weight(type, new(256, 37), seed == 0 ? BlockKind.Ordinary : BlockKind.Extreme), x, null, new GraphValue("y", TensorType.F32, new(37, Dimension.Tokens))));
                    test.InEightBits().CheckRoundings(test.RunAll(Runs)[0]);
                }
    }

    [Theory, MemberData(nameof(Types))]
    public void Experts_are_products_of_their_own(TensorType type)
        => Gen.Select(Gen.Int, Gen.Int[1, 40], Gen.Int[1, 5], Gen.Bool).Sample((seed, rows, tokens, shared) =>
        {
            var random = new Random(seed);
            const int Experts = 5, Used = 2;
            var test = new Case(random) { Step = Case.Rows(tokens) };
            var ids = test.Given(new(Used, Dimension.Tokens), TensorType.I32, [.. Enumerable.Range(0, Used * tokens).Select(_ => (float)random.Next(Experts))]);
            var x = test.Input(new(256, shared ? 1 : Used, Dimension.Tokens));
            test.Operations.Add(new MatMulExperts(test.Weight(type, new(256, rows, Experts)), null, x, ids, new GraphValue("y", TensorType.F32, new(rows, Used, Dimension.Tokens))));
            test.Check(Runs, reference: test.InEightBits());
        }, iter: 4, threads: 1);
}
