using Hotplug.Cpu;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>The vector primitives, exhaustively where that is possible, on every instruction set of the machine.</summary>
public sealed unsafe class LanesTests
{
    private static void OnAll(Action<InstructionSet> test)
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (InstructionSets.Runs(set)) test(set);
    }

    [Fact]
    public void Every_half_is_read_exactly()
        => OnAll(set =>
        {
            var halves = Enumerable.Range(0, 65536).Select(i => (ushort)i).ToArray();
            var floats = new float[65536];
            fixed (ushort* x = halves)
            fixed (float* y = floats)
                switch (set)
                {
                    case InstructionSet.Avx512: FloatRows.FromHalf<Lanes512>(x, y, 65536); break;
                    case InstructionSet.Avx2: FloatRows.FromHalf<Lanes256>(x, y, 65536); break;
                    default: FloatRows.FromHalf<Lanes128>(x, y, 65536); break;
                }
            for (var i = 0; i < 65536; i++)
            {
                var expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
                if (float.IsNaN(expected)) Assert.True(float.IsNaN(floats[i]));
                else Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(floats[i]));
            }
        });

    [Fact]
    public void Floats_become_the_nearest_half()
        => OnAll(set =>
        {
            var random = new Random(7);
            // Every half and the points half-way to its neighbour and beside, then random bits.
            var floats = Enumerable.Range(0, 0x7C00).SelectMany(i =>
            {
                float a = (float)BitConverter.UInt16BitsToHalf((ushort)i), b = i == 0x7BFF ? 65536f : (float)BitConverter.UInt16BitsToHalf((ushort)(i + 1));
                var middle = (float)(((double)a + b) / 2);
                return new[] { a, -a, middle, -middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle) };
            }).Concat(Enumerable.Range(0, 100_003).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))).ToArray();
            var halves = new ushort[floats.Length];
            fixed (ushort* y = halves)
            fixed (float* x = floats)
                switch (set)
                {
                    case InstructionSet.Avx512: FloatRows.ToHalf<Lanes512>(x, y, floats.Length); break;
                    case InstructionSet.Avx2: FloatRows.ToHalf<Lanes256>(x, y, floats.Length); break;
                    default: FloatRows.ToHalf<Lanes128>(x, y, floats.Length); break;
                }
            for (var i = 0; i < floats.Length; i++)
            {
                if (float.IsNaN(floats[i])) Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf(halves[i])));
                else Assert.Equal(BitConverter.HalfToUInt16Bits((Half)floats[i]), halves[i]);
            }
        });

    [Fact]
    public void Elementary_functions_are_accurate()
        => OnAll(set =>
        {
            for (var x = -95f; x < 88f; x += 0.0137f)
            {
                var (exp, tanh, erf) = set switch
                {
                    InstructionSet.Avx512 => Apply<Lanes512>(x),
                    InstructionSet.Avx2 => Apply<Lanes256>(x),
                    _ => Apply<Lanes128>(x),
                };
                Assert.InRange(exp, x < -87.3f ? 0 : Math.Exp(x) * (1 - 1.5e-7), Math.Exp(x) * (1 + 1.5e-7) + 1e-38);
                Assert.InRange(tanh - Math.Tanh(x), -1.2e-7, 1.2e-7);
                Assert.InRange(erf - Erf(x), -1.5e-7, 1.5e-7);
            }
        });

    private static (float Exp, float Tanh, float Erf) Apply<T>(float x) where T : unmanaged, ILanes<T>
    {
        var v = T.Fill(x);
        return (T.Largest(Functions.Exp(v)), T.Largest(Functions.Tanh(v)), T.Largest(Functions.Erf(v)));
    }

    // By the integral of e^(−t²) (Simpson).
    private static double Erf(double x)
    {
        var size = Math.Min(Math.Abs(x), 6);
        const int Steps = 2000;
        var h = size / Steps;
        var sum = 1 + Math.Exp(-size * size);
        for (var i = 1; i < Steps; i++) sum += (i % 2 == 0 ? 2 : 4) * Math.Exp(-(i * h) * (i * h));
        return Math.CopySign(sum * h / 3 * 2 / Math.Sqrt(Math.PI), x);
    }
}
