using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Products and rows of every type of weight, read where a GGUF file has them, against the reference.</summary>
public sealed class ProductTests
{
    public static TheoryData<TensorType> Types =>
    [
        TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1,
        TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K,
    ];

    private static string Name(string kernel, TensorType type) => $"{kernel}_{type.ToString().ToLowerInvariant()}";

    private static int Width(Random random, TensorType type, int blocks)
        => type.IsQuantized() ? blocks * type.BlockLength() : random.Next(2) == 0 ? 4 * random.Next(1, 40) : random.Next(1, 160);

    [Theory, MemberData(nameof(Types))]
    public void Products(TensorType type)
    {
        using var library = Library.Compile($"Products/{type}.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 3], Gen.Enum<BlockKind>(), Gen.Enum<ActivationKind>()).Sample((seed, m, n, blocks, weights, activations) =>
        {
            var random = new Random(seed);
            var k = Width(random, type, blocks);
            var isMatrix = random.Next(2) == 0;
            if (!isMatrix) n = 1 + n % 4;
            var test = new KernelCase(random, KernelCase.Rows(n));
            var x = test.Input(new(k, Dimension.Tokens), activations);
            var (w, b) = (test.Weight(type, new(k, m), weights), seed % 2 == 0 ? test.Weight(TensorType.F32, new(m)) : null);
            using var run = new KernelRun(library, Name(isMatrix ? "mat_mat" : "mat_vec", type)) { Seed = seed & 3 };
            run.Bytes(0, new ProductArgs { K = (uint)k, M = (uint)m, Columns = (uint)n, HasBias = b is null ? 0u : 1 })
                .Bind(1, test.Bytes(w), readOnly: true).Bind(2, test.Bytes(x), readOnly: true).Bind(3, test.Bytes(b), readOnly: true).Bind(4, new byte[1], readOnly: true)
                .Room<float>(5, (long)m * n);
            if (isMatrix) run.Run(new ShaderSize((ulong)(m + 31) / 32, (ulong)(n + 31) / 32, 1), new ShaderSize(128, 1, 1));
            else
            {
                var simds = random.Next(1, 5);
                run.Run(new ShaderSize((ulong)((m + 2 * simds - 1) / (2 * simds)), (ulong)n, 1), new ShaderSize(32 * (ulong)simds, 1, 1));
            }
            test.Check(new MatMul(w, x, b, KernelCase.Output(new(m, Dimension.Tokens))), null, run.Read<float>(5));
        }, iter: 14, threads: 1);
    }

    [Theory, MemberData(nameof(Types))]
    public void Experts(TensorType type)
    {
        using var library = Library.Compile($"Products/{type}.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 20], Gen.Int[1, 4], Gen.Bool, Gen.Bool).Sample((seed, m, n, shared, bias) =>
        {
            const int Experts = 5, Used = 2;
            var random = new Random(seed);
            var k = Width(random, type, 1);
            var test = new KernelCase(random, KernelCase.Rows(n));
            var ids = test.Given(new(Used, Dimension.Tokens), TensorType.I32, [.. Enumerable.Range(0, Used * n).Select(_ => (float)random.Next(Experts))]);
            var x = test.Input(new(k, shared ? 1 : Used, Dimension.Tokens));
            var (w, b) = (test.Weight(type, new(k, m, Experts)), bias ? test.Weight(TensorType.F32, new(m, Experts)) : null);
            using var run = new KernelRun(library, Name("mat_vec", type));
            run.Bytes(0, new ProductArgs { K = (uint)k, M = (uint)m, Columns = (uint)(Used * n), Used = Used, IsShared = shared ? 1u : 0, HasBias = b is null ? 0u : 1 })
                .Bind(1, test.Bytes(w), readOnly: true).Bind(2, test.Bytes(x), readOnly: true).Bind(3, test.Bytes(b), readOnly: true).Bind(4, test.Bytes(ids), readOnly: true)
                .Room<float>(5, (long)m * Used * n).Run(new ShaderSize((ulong)(m + 3) / 4, (ulong)(Used * n), 1), new ShaderSize(64, 1, 1));
            test.Check(new MatMulExperts(w, b, x, ids, KernelCase.Output(new(m, Used, Dimension.Tokens))), null, run.Read<float>(5));
        }, iter: 6, threads: 1);
    }

    [Theory, MemberData(nameof(Types))]
    public void Rows_are_exact(TensorType type)
    {
        using var library = Library.Compile($"Products/{type}.metal");
        Gen.Select(Gen.Int, Gen.Int[1, 6], Gen.Int[1, 3], Gen.Enum<BlockKind>()).Sample((seed, n, blocks, kind) =>
        {
            var random = new Random(seed);
            var width = Width(random, type, blocks);
            var test = new KernelCase(random, KernelCase.Rows(n) with { TokenIds = Enumerable.Range(0, n).Select(_ => random.Next(9)).ToArray() });
            var table = test.Weight(type, new(width, 9), kind);
            using var run = new KernelRun(library, Name("get_rows", type));
            run.Bytes(0, new GetRowsArgs { Width = (uint)width, Rows = (uint)n }).Bind(1, test.Bytes(table), readOnly: true).Bind(2, test.Step.TokenIds.ToArray(), readOnly: true)
                .Room<float>(3, (long)width * n).Run((ulong)random.Next(1, 4), (ulong)random.Next(1, 40));
            test.Check(new GetRows(table, RowSource.TokenIds, KernelCase.Output(new(width, Dimension.Tokens))), null, run.Read<float>(3));
        }, iter: 8, threads: 1);
    }
}
