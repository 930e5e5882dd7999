using CsCheck;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.UnitTests.Reference;

/// <summary>The bounds admit what the contract admits, and bite.</summary>
public sealed class ToleranceTests
{
    public static TheoryData<TensorType> Types => [.. Dequantizer.Types];

    public static TheoryData<TensorType> QuantizedTypes => [.. Dequantizer.Types.Where(type => type.IsQuantized())];

    [Theory, MemberData(nameof(Types))]
    public void Single_precision_sums_are_within_the_bound(TensorType type)
        => Products(type, (weights, x, _) =>
        {
            var sum = 0f;
            for (var i = 0; i < x.Length; i++) sum += weights[i] * x[i];
            return sum;
        });

    [Theory, MemberData(nameof(QuantizedTypes))]
    public void Activations_quantised_to_eight_bits_are_within_the_bound(TensorType type)
    {
        foreach (var block in new[] { 32, 256 })
            foreach (var half in new[] { false, true })
                Products(type, (weights, x, kind) =>
                {
                    // A scale in half precision has not the range for these.
                    // The bound counts on many roundings that average: where few terms are not zero, eight bits are not always within it.
                    var rounded = kind == ActivationKind.Sparse ? x : Quantize(x, block, half && kind is ActivationKind.Ordinary or ActivationKind.Outliers);
                    var sum = 0f;
                    for (var i = 0; i < x.Length; i++) sum += weights[i] * rounded[i];
                    return sum;
                });
    }

    [Fact]
    public void Weights_in_F32_are_not_multiplied_by_quantised_activations()
        => Assert.ThrowsAny<Exception>(() => Products(TensorType.F32, (weights, x, _) =>
        {
            var rounded = Quantize(x, 32, false);
            var sum = 0f;
            for (var i = 0; i < x.Length; i++) sum += weights[i] * rounded[i];
            return sum;
        }));

    /// <summary>Types with a scale in half precision at one place.</summary>
    public static TheoryData<TensorType> ScaledTypes => [.. Dequantizer.Types.Where(type => type.IsQuantized() && type is not (TensorType.MXFP4 or TensorType.IQ1_M))];

    [Theory, MemberData(nameof(ScaledTypes))]
    public void A_scale_that_is_off_by_a_thirtieth_is_outside(TensorType type)
    {
        var caught = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var (expected, bound, x, bytes) = Sparse(type, seed);
            // Most types begin with their scale.
            var offset = type switch
            {
                TensorType.Q2_K => 80,
                TensorType.Q3_K => 108,
                TensorType.Q6_K => 208,
                TensorType.TQ1_0 => 52,
                TensorType.TQ2_0 => 64,
                _ => 0,
            };
            for (var block = 0; block < bytes.Length; block += type.BlockBytes())
                BitConverter.TryWriteBytes(bytes.AsSpan(block + offset), (Half)((float)BitConverter.ToHalf(bytes, block + offset) * 31 / 30));
            if (!Tolerance.Accepts(expected, Dot(Dequantizer.Read(type, bytes), x), bound)) caught++;
        }
        Assert.InRange(caught, 5, 20);
    }

    [Theory, MemberData(nameof(QuantizedTypes))]
    public void Elements_that_are_swapped_with_their_neighbours_are_outside(TensorType type)
    {
        var caught = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var (expected, bound, x, bytes) = Sparse(type, seed);
            var weights = Dequantizer.Read(type, bytes);
            for (var i = 0; i < weights.Length; i += 2) (weights[i], weights[i + 1]) = (weights[i + 1], weights[i]);
            if (!Tolerance.Accepts(expected, Dot(weights, x), bound)) caught++;
        }
        // The fewer values a type has, the more neighbours are equal.
        Assert.InRange(caught, type.BlockBytes() * 8 > 3 * type.BlockLength() ? 12 : 6, 20);
    }

    [Fact]
    public void Single_precision_norms_softmax_and_activations_are_within_their_bounds() => Gen.Select(Gen.Int, Gen.Int[1, 300]).Sample((seed, width) =>
    {
        var x = new float[width];
        RandomActivations.Fill(ActivationKind.Outliers, new Random(seed), x);
        SymbolicShape shape = new(width, Dimension.Tokens);
        Check(one => new RmsNorm(one.Input(shape, x), null, 1e-5f, OneOperation.Output(shape)), y =>
        {
            var squares = 0f;
            foreach (var e in x) squares += e * e;
            var factor = 1 / MathF.Sqrt(squares / width + 1e-5f);
            for (var i = 0; i < width; i++) y[i] = x[i] * factor;
        });
        Check(one => new LayerNorm(one.Input(shape, x), null, null, 1e-5f, OneOperation.Output(shape)), y =>
        {
            float sum = 0, squares = 0;
            foreach (var e in x) sum += e;
            var mean = sum / width;
            foreach (var e in x) squares += (e - mean) * (e - mean);
            var factor = 1 / MathF.Sqrt(squares / width + 1e-5f);
            for (var i = 0; i < width; i++) y[i] = (x[i] - mean) * factor;
        });
        Check(one => new Softmax(one.Input(shape, x), OneOperation.Output(shape)), y =>
        {
            var (largest, sum) = (x.Max(), 0f);
            for (var i = 0; i < width; i++) sum += y[i] = MathF.Exp(x[i] - largest);
            for (var i = 0; i < width; i++) y[i] /= sum;
        });
        Check(one => new Activate(one.Input(shape, x), Activation.Silu, OneOperation.Output(shape)), y =>
        {
            for (var i = 0; i < width; i++) y[i] = x[i] / (1 + MathF.Exp(-x[i]));
        });
        Check(one => new Activate(one.Input(shape, x), Activation.GeluTanh, OneOperation.Output(shape)), y =>
        {
            for (var i = 0; i < width; i++) y[i] = 0.5f * x[i] * (1 + MathF.Tanh(0.7978845608f * (x[i] + 0.044715f * x[i] * x[i] * x[i])));
        });
        Check(one => new SoftCap(one.Input(shape, x), 30, OneOperation.Output(shape)), y =>
        {
            for (var i = 0; i < width; i++) y[i] = 30 * MathF.Tanh(x[i] / 30);
        });
    }, iter: 100);

    [Fact]
    public void A_single_precision_rotation_is_within_its_bound() => Gen.Select(Gen.Int, Gen.Int[0, 100_000]).Sample((seed, position) =>
    {
        var x = new float[64];
        RandomActivations.Fill(ActivationKind.Ordinary, new Random(seed), x);
        var parameters = new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = 64 };
        SymbolicShape shape = new(64, 1, Dimension.Tokens);
        Check(one =>
        {
            one.Step = OneOperation.Rows(1, position);
            return new Rope(one.Input(shape, x), null, parameters, OneOperation.Output(shape));
        }, y =>
        {
            for (var i = 0; i < 32; i++)
            {
                var (sine, cosine) = MathF.SinCos(position * (float)Math.Pow(10000, -i / 32.0));
                (y[i], y[i + 32]) = (x[i] * cosine - x[i + 32] * sine, x[i] * sine + x[i + 32] * cosine);
            }
        });
    }, iter: 200);

    [Fact]
    public void What_overflows_is_infinite_and_what_is_not_a_number_is_none()
    {
        Assert.True(Tolerance.Accepts(1e39, float.PositiveInfinity, 1));
        Assert.False(Tolerance.Accepts(1e39, float.NegativeInfinity, 1));
        Assert.False(Tolerance.Accepts(1e30, float.PositiveInfinity, 1));
        Assert.False(Tolerance.Accepts(0, float.NaN, 1e30));
        Assert.True(Tolerance.Accepts(double.NaN, float.NaN, 0));
        Assert.False(Tolerance.Accepts(double.NaN, 0f, 1e30));
    }

    private static void Products(TensorType type, Func<float[], float[], ActivationKind, float> product)
        => Gen.Select(Gen.Int, Gen.Enum<BlockKind>(), Gen.Enum<ActivationKind>(), Gen.Int[1, 6]).Sample((seed, blockKind, kind, blocks) =>
        {
            var random = new Random(seed);
            var length = blocks * Math.Max(type.BlockLength(), 32);
            var bytes = new byte[type.RowBytes(length)];
            RandomBlocks.Fill(type, blockKind, random, bytes);
            var x = new float[length];
            RandomActivations.Fill(kind, random, x);
            var (expected, bound) = Exact(type, bytes, x);
            var actual = product(Dequantizer.Read(type, bytes), x, kind);
            Assert.True(Tolerance.Accepts(expected, actual, bound), $"{type} {blockKind} {kind} {length}: {actual} is not within {bound} of {expected}.");
        }, iter: 300);

    private static (double Expected, double Bound, float[] X, byte[] Bytes) Sparse(TensorType type, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[type.RowBytes(256)];
        RandomBlocks.Fill(type, BlockKind.Ordinary, random, bytes);
        var x = new float[256];
        RandomActivations.Fill(ActivationKind.Sparse, random, x);
        var (expected, bound) = Exact(type, bytes, x);
        return (expected, bound, x, bytes);
    }

    private static (double Expected, double Bound) Exact(TensorType type, byte[] bytes, float[] x)
    {
        var one = new OneOperation();
        var output = OneOperation.Output(new(1, Dimension.Tokens));
        var result = one.Run(new MatMul(one.Weight(type, new TensorShape(x.Length, 1), bytes), one.Input(new(x.Length, Dimension.Tokens), x), null, output));
        return (result[0][0], one.Interpreter!.Bounds(output)[0]);
    }

    private static void Check(Func<OneOperation, Operation> make, Action<float[]> single)
    {
        var one = new OneOperation();
        var operation = make(one);
        var expected = one.Run(operation)[0];
        var actual = new float[expected.Length];
        single(actual);
        var bounds = one.Interpreter!.Bounds(operation.Writes[0]);
        var outside = Tolerance.FirstOutside(expected, actual, bounds);
        if (outside >= 0) Assert.Fail($"{operation.GetType().Name}: {actual[outside]} is not within {bounds[outside]} of {expected[outside]}.");
    }

    private static float Dot(float[] weights, float[] x)
    {
        var sum = 0f;
        for (var i = 0; i < x.Length; i++) sum += weights[i] * x[i];
        return sum;
    }

    private static float[] Quantize(float[] x, int block, bool halfScale)
    {
        var rounded = new float[x.Length];
        for (var start = 0; start < x.Length; start += block)
        {
            var part = x.AsSpan(start, Math.Min(block, x.Length - start));
            var largest = 0f;
            foreach (var e in part) largest = MathF.Max(largest, MathF.Abs(e));
            var scale = largest / 127;
            var stored = halfScale ? (float)(Half)scale : scale;
            for (var i = 0; i < part.Length; i++) rounded[start + i] = scale == 0 ? 0 : MathF.Round(part[i] / scale) * stored;
        }
        return rounded;
    }
}
