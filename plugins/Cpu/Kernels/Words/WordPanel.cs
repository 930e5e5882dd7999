using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Weights of four rows to <see cref="PanelFormat.Words"/> and its kin, with AVX2.</summary>
internal static unsafe class WordPanel
{
    /// <summary>Lines of a 32-block.</summary>
    public static int Lines<TCodes>() where TCodes : struct, IWordCodes => TCodes.HasMinima ? PanelLines.WordMinima + 1 : TCodes.HasMinimum ? PanelLines.WordMinimum + 1 : PanelLines.WordScale + 1;

    /// <summary>Fills four rows of a panel whose lines are <paramref name="lane"/> bytes apart. Reads the bytes of <paramref name="blocks"/> 32-blocks of each row, and writes
    /// 16 bytes of each line of as many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<TCodes>(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane) where TCodes : struct, IWordCodes
    {
        var block = Lines<TCodes>() * lane;
        for (; blocks > 0; blocks -= TCodes.Parts, a += TCodes.Bytes, b += TCodes.Bytes, c += TCodes.Bytes, d += TCodes.Bytes)
            for (var part = 0; part < TCodes.Parts; part++, target += block)
            {
                Vector256<sbyte> qa = TCodes.Codes(a, part), qb = TCodes.Codes(b, part), qc = TCodes.Codes(c, part), qd = TCodes.Codes(d, part);
                Store(target, lane, Half<TCodes>(qa.GetLower(), a, part, 0), Half<TCodes>(qb.GetLower(), b, part, 0),
                    Half<TCodes>(qc.GetLower(), c, part, 0), Half<TCodes>(qd.GetLower(), d, part, 0));
                Store(target + 8 * lane, lane, Half<TCodes>(qa.GetUpper(), a, part, 1), Half<TCodes>(qb.GetUpper(), b, part, 1),
                    Half<TCodes>(qc.GetUpper(), c, part, 1), Half<TCodes>(qd.GetUpper(), d, part, 1));
                TCodes.Scales(a, b, c, d, part).Store((float*)(target + PanelLines.WordScale * lane));
                if (TCodes.HasMinimum) TCodes.Minimum(a, b, c, d, part).Store((float*)(target + PanelLines.WordMinimum * lane));
                if (TCodes.HasMinima)
                    Vector128.Create(TCodes.Minima(a, part), TCodes.Minima(b, part), TCodes.Minima(c, part), TCodes.Minima(d, part)).Store((int*)(target + PanelLines.WordMinima * lane));
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Half<TCodes>(Vector128<sbyte> codes, byte* row, int part, int half) where TCodes : struct, IWordCodes
    {
        var words = Avx2.ConvertToVector256Int16(codes);
        return TCodes.HasFactors ? words * Vector256.Create((short)TCodes.Factor(row, part, half)) : words;
    }

    // Sixteen words of four rows to eight lines, a pair of each row in a line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* target, nint lane, Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d)
    {
        Vector256<int> ab0 = Avx2.UnpackLow(a.AsInt32(), b.AsInt32()), ab1 = Avx2.UnpackHigh(a.AsInt32(), b.AsInt32());
        Vector256<int> cd0 = Avx2.UnpackLow(c.AsInt32(), d.AsInt32()), cd1 = Avx2.UnpackHigh(c.AsInt32(), d.AsInt32());
        Vector256<long> t0 = Avx2.UnpackLow(ab0.AsInt64(), cd0.AsInt64()), t1 = Avx2.UnpackHigh(ab0.AsInt64(), cd0.AsInt64());
        Vector256<long> t2 = Avx2.UnpackLow(ab1.AsInt64(), cd1.AsInt64()), t3 = Avx2.UnpackHigh(ab1.AsInt64(), cd1.AsInt64());
        t0.GetLower().Store((long*)target);
        t1.GetLower().Store((long*)(target + lane));
        t2.GetLower().Store((long*)(target + 2 * lane));
        t3.GetLower().Store((long*)(target + 3 * lane));
        target += 4 * lane;
        t0.GetUpper().Store((long*)target);
        t1.GetUpper().Store((long*)(target + lane));
        t2.GetUpper().Store((long*)(target + 2 * lane));
        t3.GetUpper().Store((long*)(target + 3 * lane));
    }
}
