using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// Panels by quantised activations, 256-bit: 16 rows by 4 tokens or by 1; <see cref="PanelFormat.Words"/> and its kin by words, <see cref="PanelFormat.U4"/> by bytes. A lane is
/// a row. The sums over the blocks of a row, in order, are kept in the output, whose lines stay in the cache; so a row may be multiplied in stretches.
/// </summary>
internal static unsafe class Tile256<TLines, TMinimum> where TLines : struct, ILineProducts where TMinimum : struct, IMinimum
{
    private const int Rows = TileShape256.Rows, Tokens = TileShape256.Tokens, Line = TileShape256.Line, Half = TileShape256.Half;

    // Reads the panel, and of each token 4 bytes of codes per line and 16 × blocks of notes, which lie `notes` bytes behind the codes; adds to Rows floats per
    // token, or if it is the first stretch of the rows, writes them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
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
            for (nint pair = 0; pair < 4 * TLines.Lines; pair += 4, panel += Line)
            {
                Vector256<byte> u = Vector256.Load(panel), v = Vector256.Load(panel + Half);
                var w = Vector256.Create(*(int*)(x0 + pair));
                a0 = TLines.Add(a0, u, w);
                b0 = TLines.Add(b0, v, w);
                w = Vector256.Create(*(int*)(x1 + pair));
                a1 = TLines.Add(a1, u, w);
                b1 = TLines.Add(b1, v, w);
                w = Vector256.Create(*(int*)(x2 + pair));
                a2 = TLines.Add(a2, u, w);
                b2 = TLines.Add(b2, v, w);
                w = Vector256.Create(*(int*)(x3 + pair));
                a3 = TLines.Add(a3, u, w);
                b3 = TLines.Add(b3, v, w);
            }
            var sums = y;
            var n = note;
            Add(a0, panel, n, sums);
            Add(b0, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add(a1, panel, n, sums);
            Add(b1, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add(a2, panel, n, sums);
            Add(b2, panel + Half, n, sums + 8);
            n += stride;
            sums += yStride;
            Add(a3, panel, n, sums);
            Add(b3, panel + Half, n, sums + 8);
            panel += TLines.Rest<TMinimum>() * Line;
            note += Activations.NoteBytes;
            x0 += 4 * TLines.Lines;
            x1 += 4 * TLines.Lines;
            x2 += 4 * TLines.Lines;
            x3 += 4 * TLines.Lines;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        var note = x + notes;
        if (first)
        {
            Vector256<float>.Zero.Store(y);
            Vector256<float>.Zero.Store(y + 8);
        }
        for (; blocks > 0; blocks--, x += 4 * TLines.Lines, note += Activations.NoteBytes)
        {
            Vector256<int> a = Vector256<int>.Zero, b = Vector256<int>.Zero;
            for (nint pair = 0; pair < 4 * TLines.Lines; pair += 4, panel += Line)
            {
                var w = Vector256.Create(*(int*)(x + pair));
                a = TLines.Add(a, Vector256.Load(panel), w);
                b = TLines.Add(b, Vector256.Load(panel + Half), w);
            }
            Add(a, panel, note, y);
            Add(b, panel + Half, note, y + 8);
            panel += TLines.Rest<TMinimum>() * Line;
        }
    }

    // Adds a block's sums, `scales` being the line behind the codes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<int> products, byte* scales, byte* note, float* y)
    {
        var unit = Vector256.Create(*(float*)note);
        var sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(TLines.Total<TMinimum>(products, note)) * Vector256.Load((float*)scales), unit, Vector256.Load(y));
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
