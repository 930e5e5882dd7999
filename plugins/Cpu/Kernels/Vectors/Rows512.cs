using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// 16 rows at once, 512-bit, as the matrix-vector kernels read them: register i of four holds sixteen bytes of the rows i, i + 4, …, one per 128-bit part,
/// so that sums of neighbours within the parts end with the rows in order, a row per lane.
/// </summary>
internal static unsafe class Rows512
{
    /// <summary>Rows of a group.</summary>
    public const int Count = 16;

    /// <summary>Sixteen bytes of every fourth row from <paramref name="row"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* row, nint step)
        => Join(Vector256.Create(Vector128.Load(row), Vector128.Load(row + 4 * step)), Vector256.Create(Vector128.Load(row + 8 * step), Vector128.Load(row + 12 * step)));

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

    /// <summary>Four bytes of every row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Words(byte* place, nint step)
        => Join(Vector256.Create(Four(place, step), Four(place + 4 * step, step)), Vector256.Create(Four(place + 8 * step, step), Four(place + 12 * step, step)));

    /// <summary>Sixteen bytes of activations in every 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<sbyte> Repeat(sbyte* source) => Avx512F.BroadcastVector128ToVector512((int*)source).AsSByte();

    /// <summary>The same of coarse codes, where there are any: a load is not left out because nobody uses it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<sbyte> RepeatCoarse<TBits>(sbyte* source) where TBits : struct, IActivationBits => TBits.HaveCoarse ? Repeat(source) : default;

    /// <summary>The half in the lower two bytes of every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LowHalves(Vector512<int> words) => FromHalf((words << 16) >> 16);

    /// <summary>The half in the upper two bytes of every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HighHalves(Vector512<int> words) => FromHalf(words >> 16);

    /// <summary>Sums of the bytes' products over all sixteen of each row times a factor; up to it in int16, which they must fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Gather(Vector512<short> a, Vector512<short> b, Vector512<short> c, Vector512<short> d, Vector512<short> factor)
    {
        var ab = Pairs(a, b);
        var cd = Pairs(c, d);
        var all = Avx512BW.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt16() + Avx512BW.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt16();
        return Avx512BW.MultiplyAddAdjacent(all, factor);
    }

    /// <summary>The same where only half as many products fit an int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> GatherWide(Vector512<short> a, Vector512<short> b, Vector512<short> c, Vector512<short> d)
    {
        var ones = Vector512.Create((short)1);
        var ab = Avx512BW.MultiplyAddAdjacent(Pairs(a, b), ones);
        var cd = Avx512BW.MultiplyAddAdjacent(Pairs(c, d), ones);
        return Avx512BW.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx512BW.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();
    }

    /// <summary>The same for int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Gather(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d)
    {
        var ab = Avx512BW.UnpackLow(a, b) + Avx512BW.UnpackHigh(a, b);
        var cd = Avx512BW.UnpackLow(c, d) + Avx512BW.UnpackHigh(c, d);
        return Avx512BW.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx512BW.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pairs(Vector512<short> a, Vector512<short> b)
        => Avx512BW.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16() + Avx512BW.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();

    /// <summary>Two halves as one; <c>Vector512.Create</c> goes through the stack here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TElement> Join<TElement>(Vector256<TElement> lower, Vector256<TElement> upper)
        => lower.ToVector512Unsafe().WithUpper(upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Four(byte* place, nint step)
        => Vector128.Create(*(int*)place, *(int*)(place + step), *(int*)(place + 2 * step), *(int*)(place + 3 * step));

    // As Lanes512.LoadHalf.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalf(Vector512<int> wide)
    {
        var bits = (wide << 13) & Vector512.Create(unchecked((int)0x8FFFFFFF));
        var value = (bits.AsSingle() * Vector512.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector512.GreaterThanOrEqual(wide & Vector512.Create(0x7FFF), Vector512.Create(0x7C00)) & Vector512.Create(0x7F800000);
        return (value | special).AsSingle();
    }
}
