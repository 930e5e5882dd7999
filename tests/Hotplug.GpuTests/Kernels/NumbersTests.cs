using Hotplug.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using Xunit;
using Half = System.Half;

namespace Hotplug.GpuTests.Kernels;

/// <summary>Bit code of half precision, bfloat16 and rounding: exhaustive on the host, and the same bits on a device.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class NumbersTests
{
    /// <summary>Arguments of <see cref="Convert"/>.</summary>
    public struct Arguments
    {
        /// <summary>Bits of floats, and where the results go: half to float, float to half, bfloat16, integer.</summary>
        public ArrayView<int> Bits, Float, Half, Brain, Integer;
        /// <summary>Elements.</summary>
        public int Units;
    }

    [Fact]
    public void EveryHalfIsReadAsTheFrameworkReadsIt()
    {
        for (var half = 0; half < 65536; half++)
            Assert.Equal(BitConverter.SingleToInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)half)), Numbers.AsInt(Numbers.HalfToFloat(half)));
    }

    [Fact]
    public void HighBitsAroundAHalfAreIgnored()
    {
        for (var half = 0; half < 65536; half++)
            Assert.Equal(Numbers.AsInt(Numbers.HalfToFloat(half)), Numbers.AsInt(Numbers.HalfToFloat(half | unchecked((int)0xBEEF0000))));
    }

    [Fact]
    public void FloatsAroundEveryHalfAndEveryMiddleAreRoundedAsTheFrameworkRoundsThem()
    {
        for (var half = 0; half < 65536; half++)
            foreach (var bits in Around(half))
            {
                var value = BitConverter.Int32BitsToSingle(bits);
                var expected = float.IsNaN(value) ? 0x7E00 | (bits >>> 16 & 0x8000) : BitConverter.HalfToUInt16Bits((Half)value);
                Assert.Equal(expected, Numbers.FloatToHalf(value));
            }
    }

    [Fact]
    public void RandomFloatsAreRoundedAsTheFrameworkRoundsThem()
    {
        var random = new Random(71);
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (float.IsNaN(value)) continue;
            Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), Numbers.FloatToHalf(value));
            var small = (random.NextSingle() - 0.5f) * 40000;
            Assert.Equal((int)MathF.Round(small), Numbers.RoundToInt(small));
        }
    }

    [Fact]
    public void TiesGoToTheEvenInteger()
    {
        for (var n = -70000; n <= 70000; n++)
            foreach (var value in (float[])[n, n + 0.5f, MathF.BitIncrement(n + 0.5f), MathF.BitDecrement(n + 0.5f)])
                Assert.Equal((int)MathF.Round(value), Numbers.RoundToInt(value));
        Assert.Equal(0, Numbers.RoundToInt(float.NaN));
        Assert.Equal(0, Numbers.RoundToInt(float.NegativeInfinity));
    }

    [Fact]
    public void BrainFloatsAreTheUpperHalfRoundedToEven()
    {
        for (var upper = 0; upper < 65536; upper++)
        {
            var exact = BitConverter.Int32BitsToSingle(upper << 16);
            Assert.Equal(upper << 16, Numbers.AsInt(Numbers.BFloat16ToFloat(upper)));
            Assert.Equal(float.IsNaN(exact) ? upper | 0x40 : upper, Numbers.FloatToBFloat16(exact));
            if ((upper & 0x7FFF) >= 0x7F80) continue;
            Assert.Equal(upper, Numbers.FloatToBFloat16(BitConverter.Int32BitsToSingle((upper << 16) | 0x7FFF)));
            Assert.Equal(upper + (upper & 1), Numbers.FloatToBFloat16(BitConverter.Int32BitsToSingle((upper << 16) | 0x8000)));
            Assert.Equal(upper + 1, Numbers.FloatToBFloat16(BitConverter.Int32BitsToSingle((upper << 16) | 0x8001)));
        }
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void ADeviceGivesTheSameBits(string kind)
    {
        using var bed = new KernelBed(kind);
        var bits = Enumerable.Range(0, 65536).SelectMany(Around).Where((_, i) => kind == "driver" || i % 7 == 0).ToArray();
        using var input = bed.Accelerator.Allocate1D(bits);
        using var output = bed.Accelerator.Allocate1D<int>(4L * bits.Length);
        var part = (int n) => (ArrayView<int>)output.View.SubView((long)n * bits.Length, bits.Length);
        bed.Run(Convert, 8, new Arguments { Bits = input.View, Float = part(0), Half = part(1), Brain = part(2), Integer = part(3), Units = bits.Length });
        var result = output.GetAsArray1D();
        for (var i = 0; i < bits.Length; i++)
        {
            var value = BitConverter.Int32BitsToSingle(bits[i]);
            Assert.Equal(Numbers.AsInt(Numbers.HalfToFloat(bits[i])), result[i]);
            Assert.Equal(Numbers.FloatToHalf(value), result[bits.Length + i]);
            Assert.Equal(Numbers.FloatToBFloat16(value), result[2 * bits.Length + i]);
            Assert.Equal(Numbers.RoundToInt(value), result[3 * bits.Length + i]);
        }
    }

    private static void Convert(Arguments a)
    {
        for (var i = Grid.IdxX * Group.DimX + Group.IdxX; i < a.Units; i += Grid.DimX * Group.DimX)
        {
            var value = Numbers.AsFloat(a.Bits[i]);
            a.Float[i] = Numbers.AsInt(Numbers.HalfToFloat(a.Bits[i]));
            a.Half[i] = Numbers.FloatToHalf(value);
            a.Brain[i] = Numbers.FloatToBFloat16(value);
            a.Integer[i] = Numbers.RoundToInt(value);
        }
    }

    // The half itself as a float, half a step farther from zero, and the neighbours of both.
    private static IEnumerable<int> Around(int half)
    {
        var exact = BitConverter.SingleToInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)half));
        var next = BitConverter.SingleToInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)(half + 1)));
        var middle = (half & 0x7FFF) < 0x7BFF
            ? BitConverter.SingleToInt32Bits((BitConverter.Int32BitsToSingle(exact) + BitConverter.Int32BitsToSingle(next)) / 2)
            : exact + (1 << 12);
        foreach (var bits in (int[])[exact, middle])
        {
            yield return bits;
            yield return bits + 1;
            if ((bits & 0x7FFFFFFF) != 0) yield return bits - 1;
        }
    }
}
