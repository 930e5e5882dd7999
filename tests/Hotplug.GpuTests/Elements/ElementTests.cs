using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Elements;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.GpuTests.Elements;

/// <summary>Element-wise kernels against the reference on random shapes and values.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class ElementTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    private static readonly Gen<ActivationKind> ValueKinds = Gen.Enum<ActivationKind>();
    private static readonly float[] Extremes =
        [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e-38f, -1e-38f, 1e18f, -1e18f, 88.5f, -88.5f, -100f, 103f, 0.625f, 1f, 7f, -7f, 2147483648f, -2147483904f, 2147483520f];

    public static MatrixTheoryData<string, Activation> Functions => new(["emulator", "driver"], Enum.GetValues<Activation>());

    public static TheoryData<string> Kinds => KernelBed.Kinds;

    private static GraphValue Value(string name, TensorShape shape, TensorType type = TensorType.F32) => new(name, type, shape);

    private static float[] Make(Random random, ActivationKind kind, int count)
    {
        var values = new float[count];
        RandomActivations.Fill(kind, random, values);
        // Some of every kind are what a polynomial is likeliest to miss.
        for (var i = 0; i < count; i++)
            if (random.Next(4) == 0) values[i] = (random.NextSingle() * 2 - 1) * 30f;
        return values;
    }

    private void Sample(string kind, Action<Trial, Random, int, ActivationKind> test)
    {
        var bed = beds[kind];
        Gen.Select(Gen.Int, Gen.Int[1, kind == "emulator" ? 40 : 3000], ValueKinds).Sample((seed, count, values) =>
        {
            var random = new Random(seed);
            using var trial = new Trial(bed, random);
            test(trial, random, count, values);
        }, iter: kind == "emulator" ? 12 : 50, threads: 1);
    }

    private void Unary<TArguments>(string kind, Func<GraphValue, GraphValue, Operation> operation, Action<TArguments> kernel,
        Func<ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, int, TArguments> arguments) where TArguments : struct
    {
        Sample(kind, (trial, random, count, values) => Check(trial, random, Make(random, values, count)));
        using var extremes = new Trial(beds[kind], new Random(1));
        Check(extremes, new Random(2), Extremes);

        void Check(Trial trial, Random random, float[] x)
        {
            var input = trial.Floats(x);
            var output = random.Next(2) == 0 ? input : trial.Output(x.Length);
            trial.Run(kernel, arguments(input, output, x.Length));
            trial.Compare(operation(Value("x", new(x.Length)), Value("y", new(x.Length))), Trial.Read(output), x);
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void Activate(string kind, Activation function) => Unary<ActivateKernel.Arguments>(kind, (x, y) => new Activate(x, function, y), ActivateKernel.Of(function),
        (input, output, count) => new() { Input = input, Output = output, Count = count });

    [Theory, MemberData(nameof(Kinds))]
    public void Scale(string kind) => Unary<ScaleKernel.Arguments>(kind, (x, y) => new Scale(x, 0.3f, y), ScaleKernel.Run,
        (input, output, count) => new() { Input = input, Output = output, Count = count, Factor = 0.3f });

    [Theory, MemberData(nameof(Kinds))]
    public void SoftCap(string kind) => Unary<SoftCapKernel.Arguments>(kind, (x, y) => new SoftCap(x, 30f, y), SoftCapKernel.Run,
        (input, output, count) => new() { Input = input, Output = output, Count = count, Cap = 30f });

    [Theory, MemberData(nameof(Functions))]
    public void Gated(string kind, Activation function)
    {
        Sample(kind, (trial, random, count, values) => Check(trial, random, Make(random, values, count), Make(random, values, count)));
        using var extremes = new Trial(beds[kind], new Random(1));
        // Every extreme with every ordinary number, and beyond the limit.
        Check(extremes, new Random(3), Extremes, [.. Extremes.Select((_, i) => i - 9.5f)]);

        void Check(Trial trial, Random random, float[] g, float[] u)
        {
            var (limit, alpha) = (random.Next(2) * 7f, random.Next(2) == 0 ? 1f : 1.702f);
            ILGPU.ArrayView<float> gate = trial.Floats(g), up = trial.Floats(u);
            var output = random.Next(3) switch { 0 => gate, 1 => up, _ => trial.Output(g.Length) };
            trial.Run(GatedKernel.Of(function), new() { Gate = gate, Up = up, Output = output, Count = g.Length, Limit = limit, Alpha = alpha });
            var shape = new TensorShape(g.Length);
            trial.Compare(new Gated(Value("g", shape), Value("u", shape), function, Value("y", shape)) { Limit = limit, Alpha = alpha }, Trial.Read(output), g, u);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Add_repeats_the_second_operand(string kind) => Binary(kind, (trial, left, right, output, shape, other) =>
    {
        trial.Run(AddKernel.Run, new AddKernel.Arguments { Left = left, Right = right, Output = output, Repetition = Repetition.Of(shape, other), Count = (int)shape.ElementCount });
        return new Add(Value("a", shape), Value("b", other), Value("y", shape));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Mul_repeats_the_second_operand(string kind) => Binary(kind, (trial, left, right, output, shape, other) =>
    {
        trial.Run(MulKernel.Run, new MulKernel.Arguments { Left = left, Right = right, Output = output, Repetition = Repetition.Of(shape, other), Count = (int)shape.ElementCount });
        return new Mul(Value("a", shape), Value("b", other), Value("y", shape));
    });

    private void Binary(string kind, Func<Trial, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, TensorShape, TensorShape, Operation> run)
        => Sample(kind, (trial, random, count, values) =>
        {
            int most = kind == "emulator" ? 3 : 6, width = 1 + count % (kind == "emulator" ? 5 : 70);
            TensorShape shape = new(width, 1 + random.Next(most), 1 + random.Next(most), 1 + random.Next(most));
            long Some(long extent) => random.Next(2) == 0 ? 1 : extent;
            TensorShape other = new(width, Some(shape.D1), Some(shape.D2), Some(shape.D3));
            float[] a = Make(random, values, (int)shape.ElementCount), b = Make(random, values, (int)other.ElementCount);
            ILGPU.ArrayView<float> left = trial.Floats(a), right = trial.Floats(b);
            var output = random.Next(2) == 0 ? left : trial.Output(a.Length);
            trial.Compare(run(trial, left, right, output, shape, other), Trial.Read(output), a, b);
        });

    [Fact]
    public void A_second_operand_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Repetition.Of(new(4, 3), new(1, 3)));
        Assert.Throws<ArgumentException>(() => Repetition.Of(new(4, 3), new(4, 2)));
        Assert.Throws<ArgumentException>(() => Repetition.Of(new(4), new(4, 3)));
        Assert.Throws<ArgumentException>(() => Repetition.Of(new(1 << 20, 1 << 12), new(1 << 20)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Cast_to_integers_cuts_towards_zero(string kind)
    {
        Sample(kind, (trial, random, count, values) => Check(trial, Make(random, values, count)));
        using var extremes = new Trial(beds[kind], new Random(1));
        Check(extremes, [.. Extremes.Where(float.IsFinite), 1.9f, -1.9f, 0.99999994f]);

        static void Check(Trial trial, float[] x)
        {
            var output = trial.Output(x.Length).Cast<int>();
            trial.Run(CastToIntegerKernel.Run, new CastToIntegerKernel.Arguments { Input = trial.Floats(x), Output = output, Count = x.Length });
            Assert.Equal([.. x.Select(v => (int)(double)v)], Trial.ReadWords(output));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Cast_to_floats_takes_the_nearest(string kind) => Sample(kind, (trial, random, count, _) =>
    {
        int[] x = [int.MaxValue, int.MinValue, 16777217, -16777219, 0, .. Enumerable.Range(0, count).Select(_ => random.Next(int.MinValue, int.MaxValue))];
        var output = trial.Output(x.Length);
        trial.Run(CastToFloatKernel.Run, new CastToFloatKernel.Arguments { Input = trial.Words(x), Output = output, Count = x.Length });
        Assert.Equal([.. x.Select(v => (float)v)], Trial.Read(output));
    });

    [Theory, MemberData(nameof(Kinds))]
    public void Words_are_copied_to_the_bit(string kind) => Sample(kind, (trial, random, count, _) =>
    {
        int[] x = [.. Enumerable.Range(0, count).Select(_ => random.Next(int.MinValue, int.MaxValue))];
        ILGPU.ArrayView<int> source = trial.Words(x), copy = trial.Words(new int[count]);
        var first = random.Next(count);
        trial.Run(CopyKernel.Run, new CopyKernel.Arguments { Source = source.SubView(first, count - first), Destination = copy, Count = count - first });
        Assert.Equal([.. x[first..], .. new int[first]], Trial.ReadWords(copy));
    });
}
