using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U6"/> by quantised activations, 512-bit: 16 rows at once. A lane is a row; two products of 2·63·127 fit an int16 lane, and the
/// multiplication that widens them applies the scale of their sixteen, so a block is an exact int32, once for the coarse and once for the fine codes. Per output
/// the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U6Tile512
{
    public const int Rows = 16;
    private const int Line = 64;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TBits, TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var f00 = Vector512<float>.Zero;
        var f01 = Vector512<float>.Zero;
        var f02 = Vector512<float>.Zero;
        var f03 = Vector512<float>.Zero;
        var fine = x + finer;
        byte* x1 = x + stride, fine1 = fine + stride, notes1 = notes + stride;
        byte* x2 = x + 2 * stride, fine2 = fine + 2 * stride, notes2 = notes + 2 * stride;
        byte* x3 = x + 3 * stride, fine3 = fine + 3 * stride, notes3 = notes + 3 * stride;
        for (; blocks > 0; blocks--)
        {
            Vector512<int> i0 = Vector512<int>.Zero, j0 = Vector512<int>.Zero;
            Vector512<int> i1 = Vector512<int>.Zero, j1 = Vector512<int>.Zero;
            Vector512<int> i2 = Vector512<int>.Zero, j2 = Vector512<int>.Zero;
            Vector512<int> i3 = Vector512<int>.Zero, j3 = Vector512<int>.Zero;
            if (!TMinimum.Exists)
            {
                var offset = Vector512.Load((short*)(panel + PanelLines.U6Offset * Line));
                i0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
                j0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
                i1 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes1 + Activations.NoteCoarse)).AsInt16());
                j1 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes1 + Activations.NoteFine)).AsInt16());
                i2 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes2 + Activations.NoteCoarse)).AsInt16());
                j2 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes2 + Activations.NoteFine)).AsInt16());
                i3 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes3 + Activations.NoteCoarse)).AsInt16());
                j3 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes3 + Activations.NoteFine)).AsInt16());
            }
            for (var pair = 0; pair < 4; pair++)
            {
                Vector512<byte> first = Vector512.Load(panel + 2 * pair * Line), second = Vector512.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector512.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
                j0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(fine + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(fine + 8 * pair + 4)).AsSByte()), factor);
                i1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x1 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x1 + 8 * pair + 4)).AsSByte()), factor);
                j1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(fine1 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(fine1 + 8 * pair + 4)).AsSByte()), factor);
                i2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x2 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x2 + 8 * pair + 4)).AsSByte()), factor);
                j2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(fine2 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(fine2 + 8 * pair + 4)).AsSByte()), factor);
                i3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x3 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x3 + 8 * pair + 4)).AsSByte()), factor);
                j3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(fine3 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(fine3 + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U6Scale * Line));
            var dot0 = FineSteps.Single<TBits>(i0, j0);
            f00 = Vector512.FusedMultiplyAdd(dot0 * scale, Vector512.Create(*(float*)notes), f00);
            var dot1 = FineSteps.Single<TBits>(i1, j1);
            f01 = Vector512.FusedMultiplyAdd(dot1 * scale, Vector512.Create(*(float*)notes1), f01);
            var dot2 = FineSteps.Single<TBits>(i2, j2);
            f02 = Vector512.FusedMultiplyAdd(dot2 * scale, Vector512.Create(*(float*)notes2), f02);
            var dot3 = FineSteps.Single<TBits>(i3, j3);
            f03 = Vector512.FusedMultiplyAdd(dot3 * scale, Vector512.Create(*(float*)notes3), f03);
            if (TMinimum.Exists)
            {
                f00 = Minimum<TBits, TMinimum>(panel, notes, f00);
                f01 = Minimum<TBits, TMinimum>(panel, notes1, f01);
                f02 = Minimum<TBits, TMinimum>(panel, notes2, f02);
                f03 = Minimum<TBits, TMinimum>(panel, notes3, f03);
            }
            panel += PanelLines.U6Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            fine1 += 32;
            notes1 += Activations.NoteBytes;
            x2 += 32;
            fine2 += 32;
            notes2 += Activations.NoteBytes;
            x3 += 32;
            fine3 += 32;
            notes3 += Activations.NoteBytes;
        }
        f00.Store(y);
        f01.Store(y + yStride);
        f02.Store(y + 2 * yStride);
        f03.Store(y + 3 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TBits, TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var f00 = Vector512<float>.Zero;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector512<int> i0 = Vector512<int>.Zero, j0 = Vector512<int>.Zero;
            if (!TMinimum.Exists)
            {
                var offset = Vector512.Load((short*)(panel + PanelLines.U6Offset * Line));
                i0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
                j0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
            }
            for (var pair = 0; pair < 4; pair++)
            {
                Vector512<byte> first = Vector512.Load(panel + 2 * pair * Line), second = Vector512.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector512.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
                j0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(fine + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(fine + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U6Scale * Line));
            var dot0 = FineSteps.Single<TBits>(i0, j0);
            f00 = Vector512.FusedMultiplyAdd(dot0 * scale, Vector512.Create(*(float*)notes), f00);
            if (TMinimum.Exists)
            {
                f00 = Minimum<TBits, TMinimum>(panel, notes, f00);
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
    private static Vector512<float> Minimum<TBits, TMinimum>(byte* panel, byte* notes, Vector512<float> sum) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var minimum = Vector512.Load((float*)(panel + PanelLines.U6Minimum * Line));
        if (!TMinimum.IsPerHalf) return Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
        var halves = Vector512.Load((short*)(panel + PanelLines.U6Offset * Line));
        var coarse = Avx512BW.MultiplyAddAdjacent(halves, Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
        var fine = Avx512BW.MultiplyAddAdjacent(halves, Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
        var dot = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(coarse), Vector512.Create((float)Activations.Steps), Avx512F.ConvertToVector512Single(fine));
        return Vector512.FusedMultiplyAdd(dot * minimum, Vector512.Create(*(float*)notes), sum);
    }
}
