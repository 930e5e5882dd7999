using Hotplug.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>The elementary functions: densely on the host, whose C# they are, and inside a kernel.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class FunctionsTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    private const double Ulp = 1.0 / (1 << 23);

    // Every 1009th float there is, of both signs and every size.
    private static IEnumerable<float> Floats()
    {
        for (var bits = 0L; bits < 0x7F800000; bits += 1009)
        {
            var x = BitConverter.Int32BitsToSingle((int)bits);
            yield return x;
            yield return -x;
        }
    }

    private static IEnumerable<float> Few() => Floats().Where((_, i) => i % 4_009 < 2)
        .Concat(Enumerable.Range(-1000, 2001).Select(i => i * 0.11f)).Concat([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0f, -0f]);

    [Fact]
    public void Exp_is_right_to_two_units_of_the_last_place()
        => Compare(Floats(), Functions.Exp, x => Math.Exp(x), y => 2 * Ulp * y + float.Epsilon);

    [Fact]
    public void Sigmoid_is_right_to_three_units()
        => Compare(Floats(), Functions.Sigmoid, x => 1 / (1 + Math.Exp(-x)), y => 3 * Ulp * y + 1e-38);

    [Fact]
    public void Tanh_is_right_to_two_units()
        => Compare(Floats(), Functions.Tanh, x => Math.Tanh(x), y => 2 * Ulp * Math.Abs(y) + float.Epsilon);

    [Fact]
    public void Erf_is_right_to_two_units()
        => Compare(Floats(), Functions.Erf, x => Erf(x), y => 2 * Ulp * Math.Abs(y) + float.Epsilon);

    [Fact]
    public void Ends_are_exact()
    {
        Assert.Equal(1f, Functions.Exp(0f));
        Assert.Equal(0f, Functions.Exp(float.NegativeInfinity));
        Assert.Equal(0f, Functions.Exp(-104f));
        Assert.Equal(float.PositiveInfinity, Functions.Exp(float.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, Functions.Exp(88.73f));
        Assert.True(float.IsFinite(Functions.Exp(88.72f)));
        Assert.True(float.IsSubnormal(Functions.Exp(-100f)));
        Assert.Equal(0f, Functions.Sigmoid(float.NegativeInfinity));
        Assert.Equal(0.5f, Functions.Sigmoid(0f));
        Assert.Equal(1f, Functions.Sigmoid(float.PositiveInfinity));
        foreach (var function in (Func<float, float>[])[Functions.Tanh, Functions.Erf])
        {
            Assert.Equal(1f, function(float.PositiveInfinity));
            Assert.Equal(-1f, function(float.NegativeInfinity));
            Assert.Equal(1f, function(20f));
            Assert.Equal(0f, function(0f));
            Assert.True(float.IsNegative(function(-0f)));
        }
        foreach (var function in (Func<float, float>[])[Functions.Exp, Functions.Sigmoid, Functions.Tanh, Functions.Erf])
            Assert.True(float.IsNaN(function(float.NaN)));
    }

    [Theory, MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void A_kernel_gives_the_host_s_numbers(string kind)
    {
        var bed = beds[kind];
        float[] inputs = [.. Few()];
        using var input = bed.Accelerator.Allocate1D(inputs);
        using var output = bed.Accelerator.Allocate1D<float>(4 * inputs.Length);
        bed.Run(All, 3, new Arguments { Input = input.View.AsContiguous(), Output = output.View.AsContiguous() });
        var results = output.GetAsArray1D();
        Func<float, float>[] functions = [Functions.Exp, Functions.Sigmoid, Functions.Tanh, Functions.Erf];
        for (var i = 0; i < results.Length; i++)
        {
            float x = inputs[i / 4], expected = functions[i % 4](x), actual = results[i];
            // A device may contract, divide less exactly, and take subnormal numbers for zero.
            var near = Math.Abs((double)expected - actual) <= 6 * Ulp * Math.Abs(expected) + 1.2e-38;
            Assert.True(near || expected.Equals(actual), $"{functions[i % 4].Method.Name}({x:g9}) is {actual:g9}, on the host {expected:g9}.");
        }
    }

    /// <summary>What the kernel is given.</summary>
    public struct Arguments
    {
        internal ArrayView<float> Input, Output;
    }

    private static void All(Arguments a)
    {
        for (var i = Grid.IdxX * Group.DimX + Group.IdxX; i < a.Input.Length; i += Grid.DimX * Group.DimX)
        {
            var x = a.Input[i];
            a.Output[4 * i] = Functions.Exp(x);
            a.Output[4 * i + 1] = Functions.Sigmoid(x);
            a.Output[4 * i + 2] = Functions.Tanh(x);
            a.Output[4 * i + 3] = Functions.Erf(x);
        }
    }

    private static void Compare(IEnumerable<float> inputs, Func<float, float> function, Func<double, double> exact, Func<double, double> bound)
    {
        foreach (var x in inputs)
        {
            double expected = exact(x), actual = function(x);
            if (Math.Abs(expected - actual) <= bound(expected)) continue;
            // What does not fit is infinite.
            if (double.IsPositiveInfinity(actual) && expected + bound(expected) > float.MaxValue) continue;
            Assert.Fail($"At {x:g9} it is {actual:g9}, not {expected:g9}: off by {Math.Abs(expected - actual) / Math.Abs(expected) / Ulp:g3} units.");
        }
    }

    // 2/√π · e^(−x²) · Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1)) (Abramowitz and Stegun 7.1.6), all terms of one sign; 1 beyond 6.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);
        double term = x, sum = x;
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
