namespace Hotplug.Accelerators.Formats.Codebooks;

/// <summary>
/// The codebooks of the IQ1, IQ2 and IQ3 types: a code of some bits stands for four or eight elements at once. The entries are those of the GGUF format, found by
/// its authors by optimisation; no formula gives them. Here they are expanded to one byte per element. Immutable.
/// </summary>
internal static class Codebook
{
    /// <summary>What the codes of the IQ2 grids stand for.</summary>
    public static ReadOnlySpan<sbyte> TwoBitLevels => [8, 25, 43];

    /// <summary>What the codes of the IQ3_XXS grid stand for.</summary>
    public static ReadOnlySpan<sbyte> ThreeBitLevels => [4, 12, 20, 28, 36, 44, 52, 62];

    /// <summary>What the nibbles of IQ4_NL and IQ4_XS stand for.</summary>
    public static ReadOnlySpan<sbyte> FourBitLevels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>What the nibbles of MXFP4 stand for, doubled: 4-bit floating point with two bits of exponent and one of mantissa.</summary>
    public static ReadOnlySpan<sbyte> Fp4Levels => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>IQ2_XXS: 256 entries of eight.</summary>
    public static sbyte[] Iq2Xxs { get; } = Expand(Iq2XxsGrid.Packed, 2, TwoBitLevels);

    /// <summary>IQ2_XS: 512 entries of eight.</summary>
    public static sbyte[] Iq2Xs { get; } = Expand(Iq2XsGrid.Packed, 2, TwoBitLevels);

    /// <summary>IQ2_S: 1024 entries of eight.</summary>
    public static sbyte[] Iq2S { get; } = Expand(Iq2SGrid.Packed, 2, TwoBitLevels);

    /// <summary>IQ3_XXS: 256 entries of four.</summary>
    public static sbyte[] Iq3Xxs { get; } = Expand(Iq3XxsGrid.Packed, 3, ThreeBitLevels);

    /// <summary>IQ3_S: 512 entries of four.</summary>
    public static sbyte[] Iq3S { get; } = Expand(Iq3SGrid.Packed, 3, [1, 3, 5, 7, 9, 11, 13, 15]);

    /// <summary>IQ1_S and IQ1_M: 2048 entries of eight.</summary>
    public static sbyte[] Iq1 { get; } = Expand(Iq1Grid.Packed, 2, [-1, 0, 1]);

    /// <summary>The eight signs that seven bits stand for, as a byte with a bit for each negative one: their number is even, which gives the eighth.</summary>
    public static int Signs(int code) => code | ((System.Numerics.BitOperations.PopCount((uint)code) & 1) << 7);

    private static sbyte[] Expand(ReadOnlySpan<ushort> packed, int bits, ReadOnlySpan<sbyte> levels)
    {
        // Eight codes of two bits, or four of three.
        var length = bits == 2 ? 8 : 4;
        // Kernels read it by address, so it never moves.
        var table = GC.AllocateUninitializedArray<sbyte>(packed.Length * length, pinned: true);
        for (var i = 0; i < table.Length; i++) table[i] = levels[(packed[i / length] >> (bits * (i % length))) & ((1 << bits) - 1)];
        return table;
    }
}
