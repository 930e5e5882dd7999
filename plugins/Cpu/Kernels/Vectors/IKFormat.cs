using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>What differs between Q4_K and Q5_K for <see cref="KVector256"/>.</summary>
internal unsafe interface IKFormat
{
    /// <summary>Bytes of 256 weights.</summary>
    static abstract int Bytes { get; }

    /// <summary>Where the nibbles begin.</summary>
    static abstract int Nibbles { get; }

    /// <summary>Adds the fifth bits of block <paramref name="part"/> to its first and second sixteen codes.</summary>
    static abstract void AddFifth(ref Vector256<byte> first, ref Vector256<byte> second, byte* row, nint step, int part);

    /// <summary>The block's sum, a row per lane, from pairs of rows of coarse and of fine products.</summary>
    static abstract Vector256<float> Dot<TBits>(Vector256<short> coarse01, Vector256<short> coarse23, Vector256<short> fine01, Vector256<short> fine23) where TBits : struct, IActivationBits;
}

/// <summary>Q4_K: sums of a row fit an int16.</summary>
internal readonly unsafe struct FourBitK : IKFormat
{
    public static int Bytes => 144;
    public static int Nibbles => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddFifth(ref Vector256<byte> first, ref Vector256<byte> second, byte* row, nint step, int part) { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Dot<TBits>(Vector256<short> coarse01, Vector256<short> coarse23, Vector256<short> fine01, Vector256<short> fine23) where TBits : struct, IActivationBits
    {
        var dot = Rows256.Gather(fine01, fine23, Vector256.Create((short)1));
        if (TBits.HaveCoarse) dot += Rows256.Gather(coarse01, coarse23, Vector256.Create((short)Activations.Steps));
        return Avx.ConvertToVector256Single(dot);
    }
}

/// <summary>Q5_K: sums of a row are wider, those of pairs are not.</summary>
internal readonly unsafe struct FiveBitK : IKFormat
{
    public static int Bytes => 176;
    public static int Nibbles => 48;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddFifth(ref Vector256<byte> first, ref Vector256<byte> second, byte* row, nint step, int part)
    {
        first |= Fifth(Rows256.Load(row + 16, step), part);
        second |= Fifth(Rows256.Load(row + 32, step), part);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Dot<TBits>(Vector256<short> coarse01, Vector256<short> coarse23, Vector256<short> fine01, Vector256<short> fine23) where TBits : struct, IActivationBits
    {
        Vector256<short> steps = Vector256.Create((short)Activations.Steps), ones = Vector256.Create((short)1);
        Vector256<int> ab = Avx2.MultiplyAddAdjacent(fine01, ones), cd = Avx2.MultiplyAddAdjacent(fine23, ones);
        if (TBits.HaveCoarse)
        {
            ab += Avx2.MultiplyAddAdjacent(coarse01, steps);
            cd += Avx2.MultiplyAddAdjacent(coarse23, steps);
        }
        return Avx.ConvertToVector256Single(Rows256.Join(ab, cd));
    }

    // Bit `part` of each byte as 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(Vector256<byte> bits, int part) => ((bits.AsUInt16() >> part) << 4).AsByte() & Vector256.Create((byte)16);
}
