using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.MslExecutor;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Kernels that reduce rows, against the reference, with every number of simdgroups.</summary>
public sealed class NormTests
{
    private static void Sample(string file, Action<KernelCase, KernelRun, int, ActivationKind> body, string name)
    {
        using var library = Library.Compile(file);
        Gen.Select(Gen.Int, Gen.Int[1, 300], Gen.Int[1, 5], Gen.Enum<ActivationKind>()).Sample((seed, width, tokens, kind) =>
        {
            using var run = new KernelRun(library, name) { Seed = seed & 7 };
            body(new KernelCase(new Random(seed), KernelCase.Rows(tokens)), run, width, kind);
        }, iter: 20, threads: 1);
    }

    private static KernelRun Run(KernelRun run, KernelCase test) => run.Run((ulong)test.Random.Next(1, 6), 32 * (ulong)test.Random.Next(1, 33));

    [Fact]
    public void RmsNorm() => Sample("Norms/RmsNorm.metal", (test, run, width, kind) =>
    {
        var x = test.Input(new(width, 2, Dimension.Tokens), kind);
        var weight = width % 2 == 0 ? test.Weight(TensorType.F32, new(width)) : null;
        run.Bytes(0, new RmsNormArgs { Width = (uint)width, Rows = (uint)(2 * test.Tokens), HasWeight = weight is null ? 0u : 1, Epsilon = 1e-5f })
            .Bind(1, test.Bytes(x), readOnly: true).Bind(2, test.Bytes(weight), readOnly: true).Room<float>(3, width * 2 * test.Tokens);
        test.Check(new RmsNorm(x, weight, 1e-5f, KernelCase.Output(x.Shape)), null, Run(run, test).Read<float>(3));
    }, "rms_norm");

    [Fact]
    public void LayerNorm() => Sample("Norms/LayerNorm.metal", (test, run, width, kind) =>
    {
        // Now and then a mean far larger than the spread.
        var x = test.Random.Next(3) != 0 ? test.Input(new(width, Dimension.Tokens), kind)
            : test.Given(new(width, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, width * test.Tokens).Select(_ => 4000 + test.Random.NextSingle())]);
        var weight = width % 2 == 0 ? test.Weight(TensorType.F32, new(width)) : null;
        var bias = width % 3 == 0 ? test.Weight(TensorType.F32, new(width)) : null;
        run.Bytes(0, new LayerNormArgs { Width = (uint)width, Rows = (uint)test.Tokens, HasWeight = weight is null ? 0u : 1, HasBias = bias is null ? 0u : 1, Epsilon = 1e-5f })
            .Bind(1, test.Bytes(x), readOnly: true).Bind(2, test.Bytes(weight), readOnly: true).Bind(3, test.Bytes(bias), readOnly: true).Room<float>(4, width * test.Tokens);
        test.Check(new LayerNorm(x, weight, bias, 1e-5f, KernelCase.Output(x.Shape)), null, Run(run, test).Read<float>(4));
    }, "layer_norm");

    [Fact]
    public void Normalize() => Sample("Norms/Normalize.metal", (test, run, width, kind) =>
    {
        var x = test.Input(new(width, Dimension.Tokens), kind);
        run.Bytes(0, new NormalizeArgs { Width = (uint)width, Rows = (uint)test.Tokens, Epsilon = 1e-12f }).Bind(1, test.Bytes(x), readOnly: true).Room<float>(2, width * test.Tokens);
        test.Check(new Normalize(x, 1e-12f, KernelCase.Output(x.Shape)), null, Run(run, test).Read<float>(2));
    }, "normalize_rows");

    [Fact]
    public void Softmax() => Sample("Norms/Softmax.metal", (test, run, width, kind) =>
    {
        var x = test.Input(new(width, Dimension.Tokens), kind);
        run.Bytes(0, new SoftmaxArgs { Width = (uint)width, Rows = (uint)test.Tokens }).Bind(1, test.Bytes(x), readOnly: true).Room<float>(2, width * test.Tokens);
        test.Check(new Softmax(x, KernelCase.Output(x.Shape)), null, Run(run, test).Read<float>(2));
    }, "softmax");

    [Fact]
    public void ArgMax_gives_the_first_of_equals_and_passes_over_NaN() => Sample("Norms/ArgMax.metal", (test, run, width, _) =>
    {
        // Few different numbers, so that there are ties; now and then none is a number.
        var nothing = test.Random.Next(5) == 0;
        var x = test.Given(new(width, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, width * test.Tokens).Select(_ => nothing || test.Random.Next(4) == 0 ? float.NaN
            : test.Random.Next(6) == 0 ? float.NegativeInfinity : test.Random.Next(-3, 3))]);
        run.Bytes(0, new ArgMaxArgs { Width = (uint)width, Rows = (uint)test.Tokens }).Bind(1, test.Bytes(x), readOnly: true).Room<int>(2, test.Tokens).Room<float>(3, test.Tokens);
        Run(run, test);
        test.Check(new ArgMax(x, KernelCase.Output(new(1, Dimension.Tokens), TensorType.I32), KernelCase.Output(new(1, Dimension.Tokens))), null,
            [.. run.Read<int>(2).Select(id => (float)id)], run.Read<float>(3));
    }, "arg_max");
}
