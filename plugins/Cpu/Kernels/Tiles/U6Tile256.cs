using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U6"/> by quantised activations, 256-bit: 8 rows at once. A lane is a row; two products of 2·63·127 fit an int16 lane, and the
/// multiplication that widens them applies the scale of their sixteen, so a block is an exact int32, once for the coarse and once for the fine codes. Per output
/// the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U6Tile256
{
    public const int Rows = 8;
    private const int Line = 32;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two<TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var steps = Vector256.Create((float)Activations.Steps);
        var f00 = Vector256<float>.Zero;
        var f01 = Vector256<float>.Zero;
        var fine = x + finer;
        byte* x1 = x + stride, fine1 = fine + stride, notes1 = notes + stride;
        for (; blocks > 0; blocks--)
        {
            Vector256<int> i0 = Vector256<int>.Zero, j0 = Vector256<int>.Zero;
            Vector256<int> i1 = Vector256<int>.Zero, j1 = Vector256<int>.Zero;
            if (!TMinimum.Exists)
            {
                var offset = Vector256.Load((short*)(panel + PanelLines.U6Offset * Line));
                i0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
                j0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
                i1 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes1 + Activations.NoteCoarse)).AsInt16());
                j1 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes1 + Activations.NoteFine)).AsInt16());
            }
            for (var pair = 0; pair < 4; pair++)
            {
                Vector256<byte> first = Vector256.Load(panel + 2 * pair * Line), second = Vector256.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector256.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
                j0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(fine + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(fine + 8 * pair + 4)).AsSByte()), factor);
                i1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(x1 + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(x1 + 8 * pair + 4)).AsSByte()), factor);
                j1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(fine1 + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(fine1 + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector256.Load((float*)(panel + PanelLines.U6Scale * Line));
            var dot0 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i0), steps, Avx.ConvertToVector256Single(j0));
            f00 = Vector256.FusedMultiplyAdd(dot0 * scale, Vector256.Create(*(float*)notes), f00);
            var dot1 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i1), steps, Avx.ConvertToVector256Single(j1));
            f01 = Vector256.FusedMultiplyAdd(dot1 * scale, Vector256.Create(*(float*)notes1), f01);
            if (TMinimum.Exists)
            {
                f00 = Minimum<TMinimum>(panel, notes, f00);
                f01 = Minimum<TMinimum>(panel, notes1, f01);
            }
            panel += PanelLines.U6Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            fine1 += 32;
            notes1 += Activations.NoteBytes;
        }
        f00.Store(y);
        f01.Store(y + yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var steps = Vector256.Create((float)Activations.Steps);
        var f00 = Vector256<float>.Zero;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector256<int> i0 = Vector256<int>.Zero, j0 = Vector256<int>.Zero;
            if (!TMinimum.Exists)
            {
                var offset = Vector256.Load((short*)(panel + PanelLines.U6Offset * Line));
                i0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
                j0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
            }
            for (var pair = 0; pair < 4; pair++)
            {
                Vector256<byte> first = Vector256.Load(panel + 2 * pair * Line), second = Vector256.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector256.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
                j0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(first, Vector256.Create(*(int*)(fine + 8 * pair)).AsSByte())
                    + Avx2.MultiplyAddAdjacent(second, Vector256.Create(*(int*)(fine + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector256.Load((float*)(panel + PanelLines.U6Scale * Line));
            var dot0 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i0), steps, Avx.ConvertToVector256Single(j0));
            f00 = Vector256.FusedMultiplyAdd(dot0 * scale, Vector256.Create(*(float*)notes), f00);
            if (TMinimum.Exists)
            {
                f00 = Minimum<TMinimum>(panel, notes, f00);
            }
            panel += PanelLines.U6Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }

    // What the minima of a block add, behind its codes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Minimum<TMinimum>(byte* panel, byte* notes, Vector256<float> sum) where TMinimum : struct, IMinimum
    {
        var minimum = Vector256.Load((float*)(panel + PanelLines.U6Minimum * Line));
        if (!TMinimum.IsPerHalf) return Vector256.FusedMultiplyAdd(minimum, Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
        var halves = Vector256.Load((short*)(panel + PanelLines.U6Offset * Line));
        var coarse = Avx2.MultiplyAddAdjacent(halves, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
        var fine = Avx2.MultiplyAddAdjacent(halves, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
        var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(coarse), Vector256.Create((float)Activations.Steps), Avx.ConvertToVector256Single(fine));
        return Vector256.FusedMultiplyAdd(dot * minimum, Vector256.Create(*(float*)notes), sum);
    }
}
