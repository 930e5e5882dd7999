using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Norms;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Formats;
using ILGPU;
using Xunit;

namespace Hotplug.GpuTests.Norms;

/// <summary>Norms against the reference on random shapes and values, at any size of group and number of groups.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class NormTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    private static readonly Gen<ActivationKind> ValueKinds = Gen.Enum<ActivationKind>();

    public static TheoryData<string> Kinds => KernelBed.Kinds;

    private static GraphValue Value(string name, TensorShape shape) => new(name, TensorType.F32, shape);

    private delegate void Test(Trial trial, Random random, TensorShape shape, float[] x, ArrayView<float> input, ArrayView<float> output);

    private void Sample(string kind, Test test, float offset = 0)
    {
        var bed = beds[kind];
        Gen.Select(Gen.Int, Gen.Int[1, kind == "emulator" ? 20 : 700], Gen.Int[0, kind == "emulator" ? 3 : 20], ValueKinds).Sample((seed, width, rows, values) =>
        {
            var random = new Random(seed);
            using var trial = new Trial(bed, random);
            var x = Rows(random, values, width, rows);
            if (random.Next(2) == 0) for (var i = 0; i < x.Length; i++) x[i] += offset;
            var input = trial.Floats(x);
            test(trial, random, new(width, rows), x, input, random.Next(2) == 0 ? input : trial.Output(x.Length));
        }, iter: kind == "emulator" ? 12 : 60, threads: 1);
    }

    private static float[] Rows(Random random, ActivationKind kind, int width, int rows)
    {
        var values = new float[width * rows];
        for (var r = 0; r < rows; r++) RandomActivations.Fill(kind, random, values.AsSpan(r * width, width));
        return values;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void RmsNorm(string kind) => Sample(kind, (trial, random, shape, x, input, output) =>
    {
        var w = random.Next(2) == 0 ? null : Rows(random, ActivationKind.Ordinary, (int)shape.D0, 1);
        trial.Run(RmsNormKernel.Run, new RmsNormKernel.Arguments<NoTail>
        {
            Input = input, Output = output, Weight = w is null ? default : trial.Floats(w), HasWeight = w is null ? 0 : 1,
            Rows = (int)shape.D1, Width = (int)shape.D0, Epsilon = 1e-5f,
        });
        var operation = new RmsNorm(Value("x", shape), w is null ? null : Value("w", new(shape.D0)), 1e-5f, Value("y", shape));
        trial.Compare(operation, Trial.Read(output), w is null ? [x] : [x, w]);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void LayerNorm(string kind) => Sample(kind, (trial, random, shape, x, input, output) =>
    {
        var w = random.Next(2) == 0 ? null : Rows(random, ActivationKind.Ordinary, (int)shape.D0, 1);
        var b = random.Next(2) == 0 ? null : Rows(random, ActivationKind.Ordinary, (int)shape.D0, 1);
        trial.Run(LayerNormKernel.Run, new LayerNormKernel.Arguments
        {
            Input = input, Output = output, Weight = w is null ? default : trial.Floats(w), HasWeight = w is null ? 0 : 1,
            Bias = b is null ? default : trial.Floats(b), HasBias = b is null ? 0 : 1, Rows = (int)shape.D1, Width = (int)shape.D0, Epsilon = 1e-5f,
        });
        var operation = new LayerNorm(Value("x", shape), w is null ? null : Value("w", new(shape.D0)), b is null ? null : Value("b", new(shape.D0)), 1e-5f, Value("y", shape));
        trial.Compare(operation, Trial.Read(output), [.. new[] { x, w, b }.OfType<float[]>()]);
    }, offset: 1000f); // Far from zero, where the difference of two large sums would be out of bounds.

    [Theory, MemberData(nameof(Kinds))]
    public void Normalize(string kind) => Sample(kind, (trial, _, shape, x, input, output) =>
    {
        trial.Run(NormalizeKernel.Run, new NormalizeKernel.Arguments { Input = input, Output = output, Rows = (int)shape.D1, Width = (int)shape.D0, Epsilon = 1e-12f });
        trial.Compare(new Normalize(Value("x", shape), 1e-12f, Value("y", shape)), Trial.Read(output), x);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void A_tail_sees_every_row_whole(string kind) => Sample(kind, (trial, random, shape, x, input, output) =>
    {
        var reversed = trial.Output(x.Length);
        trial.Run(RmsNormKernel.Run, new RmsNormKernel.Arguments<Reversed>
        {
            Input = input, Output = output, Rows = (int)shape.D1, Width = (int)shape.D0, Epsilon = 1e-5f, Tail = new() { Rows = reversed },
        });
        trial.Compare(new RmsNorm(Value("x", shape), null, 1e-5f, Value("y", shape)), Trial.Read(output), x);
        Assert.Equal(Trial.Read(output).Chunk((int)shape.D0).SelectMany(row => row.Reverse()), Trial.Read(reversed));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Results_do_not_depend_on_groups_or_neighbours(string kind)
    {
        var bed = beds[kind];
        var random = new Random(5);
        int width = kind == "emulator" ? 19 : 333, rows = kind == "emulator" ? 3 : 9;
        var x = Rows(random, ActivationKind.Ordinary, width, rows);
        float[] Normed(int groups, int first, int count)
        {
            using var trial = new Trial(bed, random);
            var (input, output) = (trial.Floats(x).SubView((long)first * width, (long)count * width), trial.Output(count * width));
            bed.Run(RmsNormKernel.Run, groups, new RmsNormKernel.Arguments<NoTail> { Input = input, Output = output, Rows = count, Width = width, Epsilon = 1e-5f });
            return Trial.Read(output);
        }
        var all = Normed(1, 0, rows);
        Assert.Equal(all, Normed(rows + 2, 0, rows));
        for (var row = 0; row < rows; row++) Assert.Equal(all[(row * width)..((row + 1) * width)], Normed(1, row, 1));
    }

    /// <summary>Writes the row backwards, so that every lane reads what another has written.</summary>
    public struct Reversed : IRowTail
    {
        /// <summary>Rows.</summary>
        public ArrayView<float> Rows;

        /// <inheritdoc/>
        public readonly void Run(ArrayView<float> values, int row)
        {
            var width = (int)values.Length;
            for (var i = Group.IdxX; i < width; i += Group.DimX) Rows[(long)row * width + i] = values[width - 1 - i];
        }
    }
}
