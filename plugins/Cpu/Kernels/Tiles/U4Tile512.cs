using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U4"/> by quantised activations, 512-bit: 32 rows in two groups at once. A lane is a row; eight products of 2·15·127 fit an int16 lane,
/// so the bytes of a block are summed in int16, exactly. Per output the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U4Tile512
{
    public const int Rows = 32;
    private const int Line = 64;

    // Reads the panel, and of each token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var ones = Vector512.Create((short)1);
        var offset = Vector512.Create((short)-8);
        var f00 = Vector512<float>.Zero;
        var f01 = Vector512<float>.Zero;
        var f02 = Vector512<float>.Zero;
        var f03 = Vector512<float>.Zero;
        var f10 = Vector512<float>.Zero;
        var f11 = Vector512<float>.Zero;
        var f12 = Vector512<float>.Zero;
        var f13 = Vector512<float>.Zero;
        var panel1 = panel + (nint)blocks * PanelLines.U4Count * Line;
        var x1 = x + 1 * stride;
        var n1 = notes + 1 * stride;
        var x2 = x + 2 * stride;
        var n2 = notes + 2 * stride;
        var x3 = x + 3 * stride;
        var n3 = notes + 3 * stride;
        for (; blocks > 0; blocks--)
        {
            var a00 = Vector512<short>.Zero;
            var a01 = Vector512<short>.Zero;
            var a02 = Vector512<short>.Zero;
            var a03 = Vector512<short>.Zero;
            var a10 = Vector512<short>.Zero;
            var a11 = Vector512<short>.Zero;
            var a12 = Vector512<short>.Zero;
            var a13 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector512.Load(panel + line * Line);
                var w1 = Vector512.Load(panel1 + line * Line);
                var v0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx512BW.MultiplyAddAdjacent(w0, v0);
                a10 += Avx512BW.MultiplyAddAdjacent(w1, v0);
                var v1 = Vector512.Create(*(int*)(x1 + 4 * line)).AsSByte();
                a01 += Avx512BW.MultiplyAddAdjacent(w0, v1);
                a11 += Avx512BW.MultiplyAddAdjacent(w1, v1);
                var v2 = Vector512.Create(*(int*)(x2 + 4 * line)).AsSByte();
                a02 += Avx512BW.MultiplyAddAdjacent(w0, v2);
                a12 += Avx512BW.MultiplyAddAdjacent(w1, v2);
                var v3 = Vector512.Create(*(int*)(x3 + 4 * line)).AsSByte();
                a03 += Avx512BW.MultiplyAddAdjacent(w0, v3);
                a13 += Avx512BW.MultiplyAddAdjacent(w1, v3);
            }
            var scale0 = Vector512.Load((float*)(panel + PanelLines.U4Scale * Line));
            var scale1 = Vector512.Load((float*)(panel1 + PanelLines.U4Scale * Line));
            var d0 = Vector512.Create(*(float*)notes);
            var d1 = Vector512.Create(*(float*)n1);
            var d2 = Vector512.Create(*(float*)n2);
            var d3 = Vector512.Create(*(float*)n3);
            var i00 = Avx512BW.MultiplyAddAdjacent(a00, ones);
            var i01 = Avx512BW.MultiplyAddAdjacent(a01, ones);
            var i02 = Avx512BW.MultiplyAddAdjacent(a02, ones);
            var i03 = Avx512BW.MultiplyAddAdjacent(a03, ones);
            var i10 = Avx512BW.MultiplyAddAdjacent(a10, ones);
            var i11 = Avx512BW.MultiplyAddAdjacent(a11, ones);
            var i12 = Avx512BW.MultiplyAddAdjacent(a12, ones);
            var i13 = Avx512BW.MultiplyAddAdjacent(a13, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
                i00 += o0;
                i10 += o0;
                var o1 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n1 + Activations.NoteHalves)).AsInt16());
                i01 += o1;
                i11 += o1;
                var o2 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n2 + Activations.NoteHalves)).AsInt16());
                i02 += o2;
                i12 += o2;
                var o3 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n3 + Activations.NoteHalves)).AsInt16());
                i03 += o3;
                i13 += o3;
            }
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i00) * scale0, d0, f00);
            f01 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i01) * scale0, d1, f01);
            f02 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i02) * scale0, d2, f02);
            f03 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i03) * scale0, d3, f03);
            f10 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i10) * scale1, d0, f10);
            f11 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i11) * scale1, d1, f11);
            f12 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i12) * scale1, d2, f12);
            f13 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i13) * scale1, d3, f13);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector512.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var minimum1 = Vector512.Load((float*)(panel1 + PanelLines.U4Minimum * Line));
                var s0 = Vector512.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector512.FusedMultiplyAdd(minimum0, s0, f00);
                f10 = Vector512.FusedMultiplyAdd(minimum1, s0, f10);
                var s1 = Vector512.Create(*(float*)(n1 + Activations.NoteSum));
                f01 = Vector512.FusedMultiplyAdd(minimum0, s1, f01);
                f11 = Vector512.FusedMultiplyAdd(minimum1, s1, f11);
                var s2 = Vector512.Create(*(float*)(n2 + Activations.NoteSum));
                f02 = Vector512.FusedMultiplyAdd(minimum0, s2, f02);
                f12 = Vector512.FusedMultiplyAdd(minimum1, s2, f12);
                var s3 = Vector512.Create(*(float*)(n3 + Activations.NoteSum));
                f03 = Vector512.FusedMultiplyAdd(minimum0, s3, f03);
                f13 = Vector512.FusedMultiplyAdd(minimum1, s3, f13);
            }
            panel += PanelLines.U4Count * Line;
            panel1 += PanelLines.U4Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            n1 += Activations.NoteBytes;
            x2 += 32;
            n2 += Activations.NoteBytes;
            x3 += 32;
            n3 += Activations.NoteBytes;
        }
        f00.Store(y);
        f10.Store(y + 16);
        f01.Store(y + 1 * yStride);
        f11.Store(y + 1 * yStride + 16);
        f02.Store(y + 2 * yStride);
        f12.Store(y + 2 * yStride + 16);
        f03.Store(y + 3 * yStride);
        f13.Store(y + 3 * yStride + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var ones = Vector512.Create((short)1);
        var offset = Vector512.Create((short)-8);
        var f00 = Vector512<float>.Zero;
        var f10 = Vector512<float>.Zero;
        var panel1 = panel + (nint)blocks * PanelLines.U4Count * Line;
        for (; blocks > 0; blocks--)
        {
            var a00 = Vector512<short>.Zero;
            var a10 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector512.Load(panel + line * Line);
                var w1 = Vector512.Load(panel1 + line * Line);
                var v0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx512BW.MultiplyAddAdjacent(w0, v0);
                a10 += Avx512BW.MultiplyAddAdjacent(w1, v0);
            }
            var scale0 = Vector512.Load((float*)(panel + PanelLines.U4Scale * Line));
            var scale1 = Vector512.Load((float*)(panel1 + PanelLines.U4Scale * Line));
            var d0 = Vector512.Create(*(float*)notes);
            var i00 = Avx512BW.MultiplyAddAdjacent(a00, ones);
            var i10 = Avx512BW.MultiplyAddAdjacent(a10, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
                i00 += o0;
                i10 += o0;
            }
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i00) * scale0, d0, f00);
            f10 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i10) * scale1, d0, f10);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector512.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var minimum1 = Vector512.Load((float*)(panel1 + PanelLines.U4Minimum * Line));
                var s0 = Vector512.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector512.FusedMultiplyAdd(minimum0, s0, f00);
                f10 = Vector512.FusedMultiplyAdd(minimum1, s0, f10);
            }
            panel += PanelLines.U4Count * Line;
            panel1 += PanelLines.U4Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
        f10.Store(y + 16);
    }
}
