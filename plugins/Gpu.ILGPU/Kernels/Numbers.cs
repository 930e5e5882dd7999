using ILGPU;

namespace Hotplug.Gpu.Kernels;

/// <summary>
/// Half precision, bfloat16 and rounding by integer arithmetic: not every device has the types, a device may flush subnormal numbers to zero, and a compiler may
/// fuse a product into what follows. Bits do not pass through any of that.
/// </summary>
internal static class Numbers
{
    /// <summary>The float with these bits.</summary>
    public static float AsFloat(int bits) => Interop.IntAsFloat((uint)bits);

    /// <summary>The bits of a float.</summary>
    public static int AsInt(float value) => (int)Interop.FloatAsInt(value);

    /// <summary>Half-precision number in the low sixteen bits, exactly; the others are ignored. A NaN comes out quiet, with its sign and payload.</summary>
    public static float HalfToFloat(int half)
    {
        var sign = (half & 0x8000) << 16;
        var exponent = (half >> 10) & 31;
        var mantissa = half & 0x3FF;
        // Subnormal: the mantissa counts steps of 2^-24, and the product is a normal number.
        if (exponent == 0) return AsFloat(AsInt(mantissa * 5.9604644775390625e-8f) | sign);
        var bits = exponent == 31 ? (mantissa == 0 ? 0x7F800000 : 0x7FC00000) : (exponent + 112) << 23;
        return AsFloat(sign | bits | (mantissa << 13));
    }

    /// <summary>Bits of the nearest half-precision number, ties to even, in the low sixteen bits; too large is infinite, NaN is a quiet one with its sign.</summary>
    public static int FloatToHalf(float value)
    {
        var bits = AsInt(value);
        var sign = (bits >> 16) & 0x8000;
        var size = bits & 0x7FFFFFFF;
        if (size > 0x7F800000) return sign | 0x7E00;
        if (size >= 0x47800000) return sign | 0x7C00;
        // From 2^-14 on: move the exponent and round away thirteen bits; a carry runs into the exponent and, at the top, to infinity.
        if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xFFF + ((size >> 13) & 1)) >> 13);
        var exponent = size >> 23;
        // Below half of the smallest step, 2^-24.
        if (exponent < 102) return sign;
        return sign | ShiftToEven((size & 0x7FFFFF) | 0x800000, 126 - exponent);
    }

    /// <summary>The bfloat16 number in the low sixteen bits.</summary>
    public static float BFloat16ToFloat(int bits) => AsFloat(bits << 16);

    /// <summary>Bits of the nearest bfloat16 number, ties to even, in the low sixteen bits; a NaN stays one.</summary>
    public static int FloatToBFloat16(float value)
    {
        var bits = AsInt(value);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) return ((bits >> 16) & 0xFFFF) | 0x40;
        return (int)(((uint)bits + 0x7FFFu + (((uint)bits >> 16) & 1u)) >> 16);
    }

    /// <summary>The nearest integer, ties to even, of a number below 2^24 in size; 0 for larger ones and NaN.</summary>
    public static int RoundToInt(float value)
    {
        var bits = AsInt(value);
        var exponent = (bits >> 23) & 255;
        if (exponent < 126 || exponent > 150) return 0;
        var size = ShiftToEven((bits & 0x7FFFFF) | 0x800000, 150 - exponent);
        return bits < 0 ? -size : size;
    }

    /// <summary><paramref name="value"/> / 2^<paramref name="shift"/> to the nearest integer, ties to even; 0 ≤ value &lt; 2^30, 0 ≤ shift ≤ 24.</summary>
    private static int ShiftToEven(int value, int shift)
    {
        if (shift == 0) return value;
        var half = (1 << (shift - 1)) - 1;
        return (value + half + ((value >> shift) & 1)) >> shift;
    }
}
