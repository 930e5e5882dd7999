using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.Tiles;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>
/// <see cref="PanelFormat.Words"/> and its kin by activations in words, 256-bit: 16 rows by 4 tokens or by 1. A lane is a row; a product of pairs is one instruction,
/// and a block's sum an exact int32. The sums over the blocks of a row, in order, are kept in the output, whose lines stay in the cache; so a row may be multiplied
/// in stretches.
/// </summary>
internal static unsafe class WordTile256
{
    public const int Rows = 16, Tokens = 4;
    internal const int Line = 64, Half = 32;

    // Reads the panel, and of each token 64 × blocks bytes of words and 16 × blocks of notes, which lie `notes` bytes behind the words; adds to Rows floats per
    // token, or if it is the first stretch of the rows, writes them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TMinimum>(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first) where TMinimum : struct, IMinimum
    {
        byte* x0 = x, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, note = x + notes;
        if (first)
            for (var t = 0; t < Tokens; t++)
            {
                Vector256<float>.Zero.Store(y + t * yStride);
                Vector256<float>.Zero.Store(y + t * yStride + 8);
            }
        for (; blocks > 0; blocks--)
        {
            Vector256<int> a0 = Vector256<int>.Zero, a1 = Vector256<int>.Zero, a2 = Vector256<int>.Zero, a3 = Vector256<int>.Zero;
            Vector256<int> b0 = Vector256<int>.Zero, b1 = Vector256<int>.Zero, b2 = Vector256<int>.Zero, b3 = Vector256<int>.Zero;
            for (nint pair = 0; pair < 64; pair += 4, panel += Line)
            {
                Vector256<short> u = Vector256.Load((short*)panel), v = Vector256.Load((short*)(panel + Half));
                var w = Vector256.Create(*(int*)(x0 + pair)).AsInt16();
                a0 += Avx2.MultiplyAddAdjacent(u, w);
                b0 += Avx2.MultiplyAddAdjacent(v, w);
                w = Vector256.Create(*(int*)(x1 + pair)).AsInt16();
                a1 += Avx2.MultiplyAddAdjacent(u, w);
                b1 += Avx2.MultiplyAddAdjacent(v, w);
                w = Vector256.Create(*(int*)(x2 + pair)).AsInt16();
                a2 += Avx2.MultiplyAddAdjacent(u, w);
                b2 += Avx2.MultiplyAddAdjacent(v, w);
                w = Vector256.Create(*(int*)(x3 + pair)).AsInt16();
                a3 += Avx2.MultiplyAddAdjacent(u, w);
                b3 += Avx2.MultiplyAddAdjacent(v, w);
            }
            var sums = y;
            var n = note;
            Add<TMinimum>(a0, panel, n, sums);
            Add<TMinimum>(b0, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add<TMinimum>(a1, panel, n, sums);
            Add<TMinimum>(b1, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add<TMinimum>(a2, panel, n, sums);
            Add<TMinimum>(b2, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add<TMinimum>(a3, panel, n, sums);
            Add<TMinimum>(b3, panel + Half, n, sums + 8);
            panel += Rest<TMinimum>() * Line;
            note += Activations.NoteBytes;
            x0 += 64;
            x1 += 64;
            x2 += 64;
            x3 += 64;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first) where TMinimum : struct, IMinimum
    {
        var note = x + notes;
        if (first)
        {
            Vector256<float>.Zero.Store(y);
            Vector256<float>.Zero.Store(y + 8);
        }
        for (; blocks > 0; blocks--, x += 64, note += Activations.NoteBytes)
        {
            Vector256<int> a = Vector256<int>.Zero, b = Vector256<int>.Zero;
            for (nint pair = 0; pair < 64; pair += 4, panel += Line)
            {
                var w = Vector256.Create(*(int*)(x + pair)).AsInt16();
                a += Avx2.MultiplyAddAdjacent(Vector256.Load((short*)panel), w);
                b += Avx2.MultiplyAddAdjacent(Vector256.Load((short*)(panel + Half)), w);
            }
            Add<TMinimum>(a, panel, note, y);
            Add<TMinimum>(b, panel + Half, note, y + 8);
            panel += Rest<TMinimum>() * Line;
        }
    }

    // Lines behind the words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Rest<TMinimum>() where TMinimum : struct, IMinimum => TMinimum.IsPerHalf ? 3 : TMinimum.Exists ? 2 : 1;

    // Adds a block's sums, `scales` being the line behind the words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TMinimum>(Vector256<int> dot, byte* scales, byte* note, float* y) where TMinimum : struct, IMinimum
    {
        var unit = Vector256.Create(*(float*)note);
        var sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Vector256.Load((float*)scales), unit, Vector256.Load(y));
        if (TMinimum.Exists)
        {
            var minimum = Vector256.Load((float*)(scales + Line));
            if (!TMinimum.IsPerHalf)
            {
                sum = Vector256.FusedMultiplyAdd(minimum, Vector256.Create(*(float*)(note + Activations.NoteSum)), sum);
            }
            else
            {
                // Whole numbers below 2^24 throughout: exact.
                var halves = Vector256.Load((int*)(scales + 2 * Line));
                var low = Avx.ConvertToVector256Single((halves << 16) >> 16) * Vector256.Create((float)*(int*)(note + Activations.NoteFirst));
                var both = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(halves >> 16), Vector256.Create((float)*(int*)(note + Activations.NoteSecond)), low);
                sum = Vector256.FusedMultiplyAdd(both * minimum, unit, sum);
            }
        }
        sum.Store(y);
    }
}
