using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// 8 rows at once, 256-bit, as the matrix-vector kernels read them: register i of four holds sixteen bytes of the rows i, i + 4, …, one per 128-bit part,
/// so that sums of neighbours within the parts end with the rows in order, a row per lane.
/// </summary>
internal static unsafe class Rows256
{
    /// <summary>Rows of a group.</summary>
    public const int Count = 8;

    /// <summary>Sixteen bytes of every fourth row from <paramref name="row"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* row, nint step)
        => Vector256.Create(Vector128.Load(row), Vector128.Load(row + 4 * step));

    /// <summary>
    /// Asks for lines of the group of rows behind this one, which lies right behind it in memory: sixteen streams side by side are more than a processor
    /// follows by itself. An address beyond the matrix does no harm.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* next, int lines)
    {
        // Not a loop: the number is a constant, and the compiler leaves what is not needed.
        Sse.Prefetch1(next);
        if (lines > 1) Sse.Prefetch1(next + 64);
        if (lines > 2) Sse.Prefetch1(next + 128);
        if (lines > 3) Sse.Prefetch1(next + 192);
        if (lines > 4) Sse.Prefetch1(next + 256);
        if (lines > 5) Sse.Prefetch1(next + 320);
        if (lines > 6) Sse.Prefetch1(next + 384);
        if (lines > 7) Sse.Prefetch1(next + 448);
        if (lines > 8) Sse.Prefetch1(next + 512);
        if (lines > 9) Sse.Prefetch1(next + 576);
        if (lines > 10) Sse.Prefetch1(next + 640);
        if (lines > 11) Sse.Prefetch1(next + 704);
    }

    /// <summary>Where the line begins that a place lies in. A kernel that asks for lines from there on asks for none twice; one asked for in vain costs as much as any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* FirstLine(byte* place) => (byte*)((nint)place & ~63);

    /// <summary>Four bytes of every row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Words(byte* place, nint step)
        => Vector256.Create(Four(place, step), Four(place + 4 * step, step));

    /// <summary>Sixteen bytes of every row as four words per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(byte* place, nint step, out Vector256<int> first, out Vector256<int> second, out Vector256<int> third, out Vector256<int> fourth)
    {
        Vector256<int> a = Load(place, step).AsInt32(), b = Load(place + step, step).AsInt32(), c = Load(place + 2 * step, step).AsInt32(), d = Load(place + 3 * step, step).AsInt32();
        Vector256<long> ab0 = Avx2.UnpackLow(a, b).AsInt64(), ab1 = Avx2.UnpackHigh(a, b).AsInt64(), cd0 = Avx2.UnpackLow(c, d).AsInt64(), cd1 = Avx2.UnpackHigh(c, d).AsInt64();
        first = Avx2.UnpackLow(ab0, cd0).AsInt32();
        second = Avx2.UnpackHigh(ab0, cd0).AsInt32();
        third = Avx2.UnpackLow(ab1, cd1).AsInt32();
        fourth = Avx2.UnpackHigh(ab1, cd1).AsInt32();
    }

    /// <summary>Sixteen bytes of activations in every 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Repeat(sbyte* source) => Avx2.BroadcastVector128ToVector256(source);

    /// <summary>The same of coarse codes, where there are any: a load is not left out because nobody uses it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> RepeatCoarse<TBits>(sbyte* source) where TBits : struct, IActivationBits => TBits.HaveCoarse ? Repeat(source) : default;

    /// <summary>The half in the lower two bytes of every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LowHalves(Vector256<int> words) => FromHalf(words << 16);

    /// <summary>The half in the upper two bytes of every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HighHalves(Vector256<int> words) => FromHalf(words);

    /// <summary>Sums of the bytes' products over all sixteen of each row times a factor; up to it in int16, which they must fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather(Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d, Vector256<short> factor)
    {
        var ab = Pairs(a, b);
        var cd = Pairs(c, d);
        var all = Avx2.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt16() + Avx2.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt16();
        return Avx2.MultiplyAddAdjacent(all, factor);
    }

    /// <summary>The same where only half as many products fit an int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> GatherWide(Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d)
    {
        var ones = Vector256.Create((short)1);
        var ab = Avx2.MultiplyAddAdjacent(Pairs(a, b), ones);
        var cd = Avx2.MultiplyAddAdjacent(Pairs(c, d), ones);
        return Join(ab, cd);
    }

    /// <summary>The same for int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) => Join(Pairs(a, b), Pairs(c, d));

    /// <summary>Sums of int32 of two registers, a row of either in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> a, Vector256<int> b) => Avx2.UnpackLow(a, b) + Avx2.UnpackHigh(a, b);

    /// <summary>Sums of two <see cref="Pairs(Vector256{int}, Vector256{int})"/>: a row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Join(Vector256<int> ab, Vector256<int> cd)
        => Avx2.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx2.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();

    /// <summary>The rest of <see cref="Gather(Vector256{short}, Vector256{short}, Vector256{short}, Vector256{short}, Vector256{short})"/> from <see cref="Pairs(Vector256{short}, Vector256{short})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather(Vector256<short> ab, Vector256<short> cd, Vector256<short> factor)
        => Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt16() + Avx2.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt16(), factor);

    /// <summary>Sums of words of two registers, a row of either in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Pairs(Vector256<short> a, Vector256<short> b)
        => Avx2.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16() + Avx2.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Four(byte* place, nint step)
        => Vector128.Create(*(int*)place, *(int*)(place + step), *(int*)(place + 2 * step), *(int*)(place + 3 * step));

    // As Lanes256.LoadHalf, of the upper halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalf(Vector256<int> halves)
    {
        var bits = (halves >> 3) & Vector256.Create(unchecked((int)0x8FFFE000));
        var value = (bits.AsSingle() * Vector256.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector256.GreaterThan(bits & Vector256.Create(0x7FFFFFFF), Vector256.Create(0x0F7FFFFF)) & Vector256.Create(0x7F800000);
        return (value | special).AsSingle();
    }
}
