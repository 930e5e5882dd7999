using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.GpuTests.Attention;

public sealed class NumbersTests
{
    [Fact]
    public void Every_half_precision_code_is_read_exactly_and_written_back()
    {
        for (var code = 0; code < 65536; code++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)code);
            var actual = Numbers.HalfToFloat(code | -65536);
            if (float.IsNaN(expected)) { Assert.True(float.IsNaN(actual)); continue; }
            Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));
            Assert.Equal(code, Numbers.FloatToHalf(actual));
        }
    }

    [Fact]
    public void Every_exponent_is_rounded_as_the_reference_rounds()
    {
        var random = new Random(3);
        Span<byte> bytes = stackalloc byte[2];
        // Neighbours of every boundary: each leading bit pattern, with what decides about rounding below it.
        for (var high = 0; high < 1 << 16; high++)
            foreach (var low in (int[])[0, 1, 0xFFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001, 0xFFFF, random.Next(65536)])
            {
                var value = BitConverter.Int32BitsToSingle(high << 16 | low);
                KvElement.Write(TensorType.F16, value, bytes);
                // Through double, a signalling NaN becomes quiet there: which one it is, is nobody's business.
                if (float.IsNaN(value)) Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)Numbers.FloatToHalf(value))));
                else Assert.True((bytes[0] | bytes[1] << 8) == Numbers.FloatToHalf(value), $"{value:g9}");
                KvElement.Write(TensorType.BF16, value, bytes);
                Assert.True((bytes[0] | bytes[1] << 8) == Numbers.FloatToBFloat16(value) || float.IsNaN(value), $"{value:g9}");
                Assert.Equal(float.IsNaN(value), float.IsNaN(Numbers.BFloat16ToFloat(Numbers.FloatToBFloat16(value))));
            }
    }
}
