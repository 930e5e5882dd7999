using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U6"/> by quantised activations, 512-bit: 16 rows at once. A lane is a row; two products of 2·63·127 fit an int16 lane, and the
/// multiplication that widens them applies the scale of their sixteen, so a block is an exact int32. Per output the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U6Tile512
{
    public const int Rows = 16;
    private const int Line = 64;

    // Reads the panel, and of each token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var f0 = Vector512<float>.Zero;
        var f1 = Vector512<float>.Zero;
        var f2 = Vector512<float>.Zero;
        var f3 = Vector512<float>.Zero;
        var x1 = x + 1 * stride;
        var n1 = notes + 1 * stride;
        var x2 = x + 2 * stride;
        var n2 = notes + 2 * stride;
        var x3 = x + 3 * stride;
        var n3 = notes + 3 * stride;
        for (; blocks > 0; blocks--)
        {
            var offset = Vector512.Load((short*)(panel + PanelLines.U6Offset * Line));
            var i0 = TMinimum.Exists ? Vector512<int>.Zero : Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            var i1 = TMinimum.Exists ? Vector512<int>.Zero : Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n1 + Activations.NoteHalves)).AsInt16());
            var i2 = TMinimum.Exists ? Vector512<int>.Zero : Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n2 + Activations.NoteHalves)).AsInt16());
            var i3 = TMinimum.Exists ? Vector512<int>.Zero : Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n3 + Activations.NoteHalves)).AsInt16());
            for (var pair = 0; pair < 4; pair++)
            {
                var first = Vector512.Load(panel + 2 * pair * Line);
                var second = Vector512.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector512.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
                i1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x1 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x1 + 8 * pair + 4)).AsSByte()), factor);
                i2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x2 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x2 + 8 * pair + 4)).AsSByte()), factor);
                i3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x3 + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x3 + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U6Scale * Line));
            var minimum = Vector512.Load((float*)(panel + PanelLines.U6Minimum * Line));
            f0 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f0);
            if (TMinimum.Exists) f0 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(notes + Activations.NoteSum)), f0);
            f1 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i1) * scale, Vector512.Create(*(float*)n1), f1);
            if (TMinimum.Exists) f1 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(n1 + Activations.NoteSum)), f1);
            f2 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i2) * scale, Vector512.Create(*(float*)n2), f2);
            if (TMinimum.Exists) f2 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(n2 + Activations.NoteSum)), f2);
            f3 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i3) * scale, Vector512.Create(*(float*)n3), f3);
            if (TMinimum.Exists) f3 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(n3 + Activations.NoteSum)), f3);
            panel += PanelLines.U6Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            n1 += Activations.NoteBytes;
            x2 += 32;
            n2 += Activations.NoteBytes;
            x3 += 32;
            n3 += Activations.NoteBytes;
        }
        f0.Store(y);
        f1.Store(y + 1 * yStride);
        f2.Store(y + 2 * yStride);
        f3.Store(y + 3 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var f0 = Vector512<float>.Zero;
        for (; blocks > 0; blocks--)
        {
            var offset = Vector512.Load((short*)(panel + PanelLines.U6Offset * Line));
            var i0 = TMinimum.Exists ? Vector512<int>.Zero : Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            for (var pair = 0; pair < 4; pair++)
            {
                var first = Vector512.Load(panel + 2 * pair * Line);
                var second = Vector512.Load(panel + (2 * pair + 1) * Line);
                var factor = Vector512.Load((short*)(panel + (PanelLines.U6First + (pair >> 1)) * Line));
                i0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(*(int*)(x + 8 * pair)).AsSByte())
                    + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(*(int*)(x + 8 * pair + 4)).AsSByte()), factor);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U6Scale * Line));
            var minimum = Vector512.Load((float*)(panel + PanelLines.U6Minimum * Line));
            f0 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f0);
            if (TMinimum.Exists) f0 = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(*(float*)(notes + Activations.NoteSum)), f0);
            panel += PanelLines.U6Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
        }
        f0.Store(y);
    }
}
