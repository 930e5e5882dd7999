namespace Hotplug.Abstractions.Tensors;

/// <summary>Element type of a tensor. The numbers are the type ids of the GGUF format, version 3; see <see cref="TensorTypes"/> for block sizes.</summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32 = 0,
    /// <summary>IEEE 754 half precision.</summary>
    F16 = 1,
    /// <summary>32 elements in 18 bytes: f16 scale, sixteen bytes of nibbles; (q − 8)·d.</summary>
    Q4_0 = 2,
    /// <summary>32 elements in 20 bytes: f16 scale and minimum, sixteen bytes of nibbles; q·d + m.</summary>
    Q4_1 = 3,
    /// <summary>32 elements in 22 bytes: f16 scale, 32 high bits, sixteen bytes of nibbles; (q − 16)·d.</summary>
    Q5_0 = 6,
    /// <summary>32 elements in 24 bytes: f16 scale and minimum, 32 high bits, sixteen bytes of nibbles; q·d + m.</summary>
    Q5_1 = 7,
    /// <summary>32 elements in 34 bytes: f16 scale, 32 signed bytes; q·d.</summary>
    Q8_0 = 8,
    /// <summary>32 elements in 36 bytes: f16 scale and scaled sum, 32 signed bytes. An activation format; files do not hold it.</summary>
    Q8_1 = 9,
    /// <summary>256 elements in 84 bytes: 2-bit codes with 4-bit scales and minima per 16.</summary>
    Q2_K = 10,
    /// <summary>256 elements in 110 bytes: 3-bit codes with 6-bit scales per 16.</summary>
    Q3_K = 11,
    /// <summary>256 elements in 144 bytes: 4-bit codes with 6-bit scales and minima per 32.</summary>
    Q4_K = 12,
    /// <summary>256 elements in 176 bytes: 5-bit codes with 6-bit scales and minima per 32.</summary>
    Q5_K = 13,
    /// <summary>256 elements in 210 bytes: 6-bit codes with 8-bit scales per 16.</summary>
    Q6_K = 14,
    /// <summary>256 elements in 292 bytes. An activation format; files do not hold it.</summary>
    Q8_K = 15,
    /// <summary>256 elements in 66 bytes, codebook.</summary>
    IQ2_XXS = 16,
    /// <summary>256 elements in 74 bytes, codebook.</summary>
    IQ2_XS = 17,
    /// <summary>256 elements in 98 bytes, codebook.</summary>
    IQ3_XXS = 18,
    /// <summary>256 elements in 50 bytes, codebook.</summary>
    IQ1_S = 19,
    /// <summary>32 elements in 18 bytes: f16 scale, nibbles into a table of sixteen values.</summary>
    IQ4_NL = 20,
    /// <summary>256 elements in 110 bytes, codebook.</summary>
    IQ3_S = 21,
    /// <summary>256 elements in 82 bytes, codebook.</summary>
    IQ2_S = 22,
    /// <summary>256 elements in 136 bytes: nibbles into a table of sixteen values, 6-bit scales per 32.</summary>
    IQ4_XS = 23,
    /// <summary>Signed 8-bit integer.</summary>
    I8 = 24,
    /// <summary>Signed 16-bit integer.</summary>
    I16 = 25,
    /// <summary>Signed 32-bit integer.</summary>
    I32 = 26,
    /// <summary>Signed 64-bit integer.</summary>
    I64 = 27,
    /// <summary>IEEE 754 double precision.</summary>
    F64 = 28,
    /// <summary>256 elements in 56 bytes, codebook.</summary>
    IQ1_M = 29,
    /// <summary>The upper half of a single-precision number.</summary>
    BF16 = 30,
    /// <summary>256 elements in 54 bytes, ternary.</summary>
    TQ1_0 = 34,
    /// <summary>256 elements in 66 bytes, ternary.</summary>
    TQ2_0 = 35,
    /// <summary>32 elements in 17 bytes: a power-of-two scale, nibbles of 4-bit floating point.</summary>
    MXFP4 = 39,
    /// <summary>64 elements in 36 bytes: four 8-bit scales, nibbles of 4-bit floating point.</summary>
    NVFP4 = 40,
    /// <summary>128 elements in 18 bytes: f16 scale, sign bits.</summary>
    Q1_0 = 41,
    /// <summary>64 elements in 18 bytes: f16 scale, 2-bit codes.</summary>
    Q2_0 = 42,
}
