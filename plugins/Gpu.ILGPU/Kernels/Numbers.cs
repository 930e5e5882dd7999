namespace Hotplug.Gpu.Kernels;

/// <summary>
/// Half precision and BFloat16 by integer arithmetic: not every OpenCL device has them, and no conversion here relies on subnormal floats being kept. Codes are in
/// the low 16 bits of a word; bits above them are ignored on the way in and 0 on the way out.
/// </summary>
internal static class Numbers
{
    /// <summary>The number a half precision code stands for; exact.</summary>
    public static float HalfToFloat(int code)
    {
        var sign = (code & 0x8000) << 16;
        var exponent = code >> 10 & 31;
        var fraction = code & 1023;
        // Subnormal: a count of 2⁻²⁴, which is a normal float.
        if (exponent == 0) return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(fraction * 5.9604645e-8f) | sign);
        return BitConverter.Int32BitsToSingle(sign | (exponent == 31 ? 255 : exponent + 112) << 23 | fraction << 13);
    }

    /// <summary>The nearest half precision code, ties to even; what is too large becomes infinite, not a number stays so.</summary>
    public static int FloatToHalf(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var sign = bits >> 16 & 0x8000;
        var size = bits & 0x7FFFFFFF;
        if (size > 0x7F800000) return sign | 0x7E00 | size >> 13 & 1023;
        // From 65520 on.
        if (size >= 0x477FF000) return sign | 0x7C00;
        // Rounding may carry into the exponent, which is right.
        if (size >= 0x38800000) return sign | size - 0x38000000 + 0xFFF + (size >> 13 & 1) >> 13;
        // Up to 2⁻²⁵, where the tie goes to zero.
        if (size <= 0x33000000) return sign;
        var shift = 126 - (size >> 23);
        var fraction = size & 0x7FFFFF | 0x800000;
        return sign | fraction + (1 << shift - 1) - 1 + (fraction >> shift & 1) >> shift;
    }

    /// <summary>The number a BFloat16 code stands for; exact.</summary>
    public static float BFloat16ToFloat(int code) => BitConverter.Int32BitsToSingle(code << 16);

    /// <summary>The nearest BFloat16 code, ties to even; not a number stays so.</summary>
    public static int FloatToBFloat16(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) return bits >> 16 & 0xFFFF | 0x40;
        return bits + 0x7FFF + (bits >> 16 & 1) >> 16 & 0xFFFF;
    }
}
