using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.MslExecutor;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Element-wise kernels against the reference, on random shapes and values, with fewer and with more threads than elements.</summary>
public sealed class ElementTests
{
    private static readonly Gen<ActivationKind> Kinds = Gen.Enum<ActivationKind>();

    public static TheoryData<Activation> Functions => [.. Enum.GetValues<Activation>()];

    private static void Sample(string file, Action<KernelCase, MslLibrary, int, ActivationKind> body)
    {
        using var library = Library.Compile(file);
        Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[1, 5], Kinds).Sample((seed, width, tokens, kind)
            => body(new KernelCase(new Random(seed), KernelCase.Rows(tokens)), library, width, kind), iter: 20, threads: 1);
    }

    private static float[] Unary<TArguments>(MslLibrary library, string name, KernelCase test, TArguments arguments, GraphValue x, int count) where TArguments : unmanaged
    {
        using var run = new KernelRun(library, name);
        return run.Bytes(0, arguments).Bind(1, test.Bytes(x), readOnly: true).Room<float>(2, count).Run((ulong)test.Random.Next(1, 4), (ulong)test.Random.Next(1, 70)).Read<float>(2);
    }

    [Theory, InlineData("Add"), InlineData("Mul")]
    public void The_right_operand_is_repeated_where_its_extent_is_one(string file)
        => Sample($"Elements/{file}.metal", (test, library, width, kind) =>
        {
            var left = test.Input(new(width, 2, 3, Dimension.Tokens), kind);
            var n = test.Tokens;
            var (right, s1, s2, s3) = (width % 5) switch
            {
                0 => (test.Input(new(width, 2, 3, Dimension.Tokens), kind), 1, 2, 6),
                1 => (test.Input(new(width, 1, 3, Dimension.Tokens), kind), 0, 1, 3),
                2 => (test.Weight(TensorType.F32, new(width, 2, 3)), 1, 2, 0),
                3 => (test.Weight(TensorType.F32, new(width)), 0, 0, 0),
                _ => (test.Input(new(width, 2, 1, Dimension.Tokens), kind), 1, 0, 2),
            };
            var output = KernelCase.Output(new(width, 2, 3, Dimension.Tokens));
            using var run = new KernelRun(library, file.ToLowerInvariant());
            run.Bytes(0, new BroadcastArgs { Width = (uint)width, Extent1 = 2, Extent2 = 3, Extent3 = (uint)n, Stride1 = (uint)s1, Stride2 = (uint)s2, Stride3 = n == 1 ? 0 : (uint)s3 })
                .Bind(1, test.Bytes(left), readOnly: true).Bind(2, test.Bytes(right), readOnly: true).Room<float>(3, width * 6 * n)
                .Run((ulong)test.Random.Next(1, 8), (ulong)test.Random.Next(1, 70));
            test.Check(file == "Add" ? new Add(left, right, output) : new Mul(left, right, output), null, run.Read<float>(3));
        });

    [Fact]
    public void Scale() => Sample("Elements/Scale.metal", (test, library, width, kind) =>
    {
        var x = test.Input(new(width, Dimension.Tokens), kind);
        var count = width * test.Tokens;
        test.Check(new Scale(x, -0.3f, KernelCase.Output(x.Shape)), null, Unary(library, "scale", test, new ScaleArgs { Count = (uint)count, Factor = -0.3f }, x, count));
    });

    [Fact]
    public void SoftCap() => Sample("Elements/SoftCap.metal", (test, library, width, kind) =>
    {
        var x = test.Input(new(width, Dimension.Tokens), kind);
        var count = width * test.Tokens;
        test.Check(new SoftCap(x, 30f, KernelCase.Output(x.Shape)), null, Unary(library, "soft_cap", test, new SoftCapArgs { Count = (uint)count, Cap = 30f }, x, count));
    });

    [Theory, MemberData(nameof(Functions))]
    public void Activate(Activation function) => Sample("Elements/Activate.metal", (test, library, width, kind) =>
    {
        var x = test.Input(new(width, Dimension.Tokens), kind);
        var count = width * test.Tokens;
        test.Check(new Activate(x, function, KernelCase.Output(x.Shape)), null,
            Unary(library, "activate", test, new ActivateArgs { Count = (uint)count, Function = (uint)function, Alpha = 1 }, x, count));
    });

    [Theory, MemberData(nameof(Functions))]
    public void Gated(Activation function) => Sample("Elements/Gated.metal", (test, library, width, kind) =>
    {
        var (gate, up) = (test.Input(new(width, Dimension.Tokens), kind), test.Input(new(width, Dimension.Tokens)));
        var limit = width % 2 == 0 ? 0 : 0.7f;
        using var run = new KernelRun(library, "gated");
        run.Bytes(0, new GatedArgs { Count = (uint)(width * test.Tokens), Function = (uint)function, Alpha = 1.702f, Limit = limit })
            .Bind(1, test.Bytes(gate), readOnly: true).Bind(2, test.Bytes(up), readOnly: true).Room<float>(3, width * test.Tokens).Run(2, 64);
        test.Check(new Gated(gate, up, function, KernelCase.Output(gate.Shape)) { Limit = limit, Alpha = 1.702f }, null, run.Read<float>(3));
    });

    [Fact]
    public void Casts_truncate_and_widen()
    {
        using var toInt = Library.Compile("Elements/CastToInt.metal");
        using var toFloat = Library.Compile("Elements/CastToFloat.metal");
        float[] x = [0, -0.9f, 0.9f, 1.5f, -1.5f, 12345.6f, -2147483648f, 16777216f];
        using var run = new KernelRun(toInt, "cast_to_int");
        var ints = run.Bytes(0, new CastToIntArgs { Count = 7 }).Bind(1, x, readOnly: true).Bind(2, new int[8]).Run(1, 3).Read<int>(2);
        Assert.Equal([0, 0, 0, 1, -1, 12345, -2147483648, 0], ints);
        using var back = new KernelRun(toFloat, "cast_to_float");
        Assert.Equal(ints.Select(i => (float)i), back.Bytes(0, new CastToFloatArgs { Count = 8 }).Bind(1, ints, readOnly: true).Room<float>(2, 8).Run(1, 3).Read<float>(2));
    }

    [Fact]
    public void Copies_are_exact()
    {
        using var library = Library.Compile("Elements/Copy.metal");
        var words = Enumerable.Range(0, 100).Select(i => (uint)i * 2654435761u).ToArray();
        using var run = new KernelRun(library, "copy_words");
        Assert.Equal([.. words[..99], uint.MaxValue], run.Bytes(0, new CopyArgs { Count = 99 }).Bind(1, words, readOnly: true).Room<uint>(2, 100).Run(2, 33).Read<uint>(2));
    }
}
