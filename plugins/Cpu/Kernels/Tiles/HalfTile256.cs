using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U6"/> by activations of eight bits, 256-bit: 16 rows by 4 tokens or by 1, eight rows at once. A lane is a row; the multiplication that widens products
/// applies the factor of their sixteen, so a block is an exact int32. Sums are kept in the output as in <see cref="Tile256{TLines, TMinimum}"/>.
/// </summary>
internal static unsafe class HalfTile256<TProducts, TMinimum> where TProducts : struct, IHalfProducts where TMinimum : struct, IMinimum
{
    private const int Line = TileShape256.Line;

    // Bounds as in Tile256.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        if (first)
            for (var t = 0; t < TileShape256.Tokens; t++) new Span<float>(y + t * yStride, TileShape256.Rows).Clear();
        for (var rows = 0; rows < 2; rows++, panel += TileShape256.Half, y += 8)
        {
            byte* x0 = x, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, note = x + notes, block = panel;
            for (var count = blocks; count > 0; count--)
            {
                Vector256<int> a0 = Vector256<int>.Zero, a1 = Vector256<int>.Zero, a2 = Vector256<int>.Zero, a3 = Vector256<int>.Zero;
                for (nint half = 0; half < 2; half++)
                {
                    var lines = block + half * (4 * Line);
                    Vector256<byte> a = Vector256.Load(lines), b = Vector256.Load(lines + Line), c = Vector256.Load(lines + 2 * Line), d = Vector256.Load(lines + 3 * Line);
                    var factor = Vector256.Load((short*)(block + PanelLines.U6First * Line + half * Line));
                    a0 += TProducts.Dot(a, b, c, d, x0, factor);
                    a1 += TProducts.Dot(a, b, c, d, x1, factor);
                    a2 += TProducts.Dot(a, b, c, d, x2, factor);
                    a3 += TProducts.Dot(a, b, c, d, x3, factor);
                    x0 += 16;
                    x1 += 16;
                    x2 += 16;
                    x3 += 16;
                }
                var sums = y;
                var n = note;
                Add(a0, block, n, sums);
                n += stride;
                sums += yStride;
                Add(a1, block, n, sums);
                n += stride;
                sums += yStride;
                Add(a2, block, n, sums);
                n += stride;
                sums += yStride;
                Add(a3, block, n, sums);
                block += PanelLines.U6Count * Line;
                note += Activations.NoteBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        if (first) new Span<float>(y, TileShape256.Rows).Clear();
        for (var rows = 0; rows < 2; rows++, panel += TileShape256.Half, y += 8)
        {
            byte* codes = x, note = x + notes, block = panel;
            for (var count = blocks; count > 0; count--, block += PanelLines.U6Count * Line, note += Activations.NoteBytes)
            {
                var sum = Vector256<int>.Zero;
                for (nint half = 0; half < 2; half++, codes += 16)
                {
                    var lines = block + half * (4 * Line);
                    sum += TProducts.Dot(Vector256.Load(lines), Vector256.Load(lines + Line), Vector256.Load(lines + 2 * Line), Vector256.Load(lines + 3 * Line), codes,
                        Vector256.Load((short*)(block + PanelLines.U6First * Line + half * Line)));
                }
                Add(sum, block, note, y);
            }
        }
    }

    // Adds a block's sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<int> dot, byte* block, byte* note, float* y)
    {
        var unit = Vector256.Create(*(float*)note);
        if (!TMinimum.Exists) dot += Halves(block, note);
        var sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Vector256.Load((float*)(block + PanelLines.U6Scale * Line)), unit, Vector256.Load(y));
        if (TMinimum.Exists)
        {
            var minimum = Vector256.Load((float*)(block + PanelLines.U6Minimum * Line));
            sum = TMinimum.IsPerHalf ? Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(Halves(block, note)) * minimum, unit, sum)
                : Vector256.FusedMultiplyAdd(minimum, Vector256.Create(*(float*)(note + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }

    // The sums of the activations of both halves times what the panel has for them: offsets, or factors of minima.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Halves(byte* block, byte* note)
        => Avx2.MultiplyAddAdjacent(Vector256.Load((short*)(block + PanelLines.U6Offset * Line)), Vector256.Create(*(int*)(note + Activations.NoteFine)).AsInt16());
}
