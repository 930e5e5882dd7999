using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// As <see cref="Tile256{TLines, TMinimum}"/>, for types without a minimum whose blocks may leave an int32 (Q6_K: 32 · 4096 · 32384): the halves of a block, which do not, are summed
/// apart, and their sum is rounded once to a float.
/// </summary>
internal static unsafe class WideWordTile256
{
    private const int Line = TileShape256.Line, Half = TileShape256.Half;

    // Bounds as in Tile256.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        byte* x0 = x, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, note = x + notes;
        if (first)
            for (var t = 0; t < TileShape256.Tokens; t++) new Span<float>(y + t * yStride, TileShape256.Rows).Clear();
        // The sums of the first half of a block.
        var firsts = stackalloc int[8 * 8];
        for (; blocks > 0; blocks--)
        {
            for (var part = 0; part < 2; part++)
            {
                Vector256<int> a0 = Vector256<int>.Zero, a1 = Vector256<int>.Zero, a2 = Vector256<int>.Zero, a3 = Vector256<int>.Zero;
                Vector256<int> b0 = Vector256<int>.Zero, b1 = Vector256<int>.Zero, b2 = Vector256<int>.Zero, b3 = Vector256<int>.Zero;
                for (nint pair = 0; pair < 32; pair += 4, panel += Line)
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
                x0 += 32;
                x1 += 32;
                x2 += 32;
                x3 += 32;
                if (part == 0)
                {
                    a0.Store(firsts);
                    b0.Store(firsts + 8);
                    a1.Store(firsts + 16);
                    b1.Store(firsts + 24);
                    a2.Store(firsts + 32);
                    b2.Store(firsts + 40);
                    a3.Store(firsts + 48);
                    b3.Store(firsts + 56);
                    continue;
                }
                var sums = y;
                var n = note;
                Add(firsts, a0, panel, n, sums);
                Add(firsts + 8, b0, panel + Half, n, sums + 8);
                n += stride;
                sums += yStride;
                Add(firsts + 16, a1, panel, n, sums);
                Add(firsts + 24, b1, panel + Half, n, sums + 8);
                n += stride;
                sums += yStride;
                Add(firsts + 32, a2, panel, n, sums);
                Add(firsts + 40, b2, panel + Half, n, sums + 8);
                n += stride;
                sums += yStride;
                Add(firsts + 48, a3, panel, n, sums);
                Add(firsts + 56, b3, panel + Half, n, sums + 8);
            }
            panel += Line;
            note += Activations.NoteBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        var note = x + notes;
        if (first) new Span<float>(y, TileShape256.Rows).Clear();
        var firsts = stackalloc int[2 * 8];
        for (; blocks > 0; blocks--, panel += Line, note += Activations.NoteBytes)
            for (var part = 0; part < 2; part++, x += 32)
            {
                Vector256<int> a = Vector256<int>.Zero, b = Vector256<int>.Zero;
                for (nint pair = 0; pair < 32; pair += 4, panel += Line)
                {
                    var w = Vector256.Create(*(int*)(x + pair)).AsInt16();
                    a += Avx2.MultiplyAddAdjacent(Vector256.Load((short*)panel), w);
                    b += Avx2.MultiplyAddAdjacent(Vector256.Load((short*)(panel + Half)), w);
                }
                if (part == 0)
                {
                    a.Store(firsts);
                    b.Store(firsts + 8);
                    continue;
                }
                Add(firsts, a, panel, note, y);
                Add(firsts + 8, b, panel + Half, note, y + 8);
            }
    }

    // Adds a block's sums, in parts that floats hold exactly. `scales` is the line behind the words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int* first, Vector256<int> second, byte* scales, byte* note, float* y)
    {
        var a = Vector256.Load(first);
        var low = (a & Vector256.Create(255)) + (second & Vector256.Create(255));
        var high = (a >> 8) + (second >> 8);
        var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(high), Vector256.Create(256f), Avx.ConvertToVector256Single(low));
        Vector256.FusedMultiplyAdd(dot * Vector256.Load((float*)scales), Vector256.Create(*(float*)note), Vector256.Load(y)).Store(y);
    }
}
