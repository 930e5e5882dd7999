using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U4"/> by quantised activations, 256-bit: 8 rows at once. A lane is a row; eight products of 2·15·127 fit an int16 lane,
/// so the bytes of a block are summed in int16, exactly. Per output the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U4Tile256
{
    public const int Rows = 8;
    private const int Line = 32;

    // Reads the panel, and of each token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var ones = Vector256.Create((short)1);
        var offset = Vector256.Create((short)-8);
        var f00 = Vector256<float>.Zero;
        var f01 = Vector256<float>.Zero;
        var f02 = Vector256<float>.Zero;
        var f03 = Vector256<float>.Zero;
        var x1 = x + 1 * stride;
        var n1 = notes + 1 * stride;
        var x2 = x + 2 * stride;
        var n2 = notes + 2 * stride;
        var x3 = x + 3 * stride;
        var n3 = notes + 3 * stride;
        for (; blocks > 0; blocks--)
        {
            var a00 = Vector256<short>.Zero;
            var a01 = Vector256<short>.Zero;
            var a02 = Vector256<short>.Zero;
            var a03 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector256.Load(panel + line * Line);
                var v0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx2.MultiplyAddAdjacent(w0, v0);
                var v1 = Vector256.Create(*(int*)(x1 + 4 * line)).AsSByte();
                a01 += Avx2.MultiplyAddAdjacent(w0, v1);
                var v2 = Vector256.Create(*(int*)(x2 + 4 * line)).AsSByte();
                a02 += Avx2.MultiplyAddAdjacent(w0, v2);
                var v3 = Vector256.Create(*(int*)(x3 + 4 * line)).AsSByte();
                a03 += Avx2.MultiplyAddAdjacent(w0, v3);
            }
            var scale0 = Vector256.Load((float*)(panel + PanelLines.U4Scale * Line));
            var d0 = Vector256.Create(*(float*)notes);
            var d1 = Vector256.Create(*(float*)n1);
            var d2 = Vector256.Create(*(float*)n2);
            var d3 = Vector256.Create(*(float*)n3);
            var i00 = Avx2.MultiplyAddAdjacent(a00, ones);
            var i01 = Avx2.MultiplyAddAdjacent(a01, ones);
            var i02 = Avx2.MultiplyAddAdjacent(a02, ones);
            var i03 = Avx2.MultiplyAddAdjacent(a03, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
                i00 += o0;
                var o1 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(n1 + Activations.NoteHalves)).AsInt16());
                i01 += o1;
                var o2 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(n2 + Activations.NoteHalves)).AsInt16());
                i02 += o2;
                var o3 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(n3 + Activations.NoteHalves)).AsInt16());
                i03 += o3;
            }
            f00 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i00) * scale0, d0, f00);
            f01 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i01) * scale0, d1, f01);
            f02 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i02) * scale0, d2, f02);
            f03 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i03) * scale0, d3, f03);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector256.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var s0 = Vector256.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector256.FusedMultiplyAdd(minimum0, s0, f00);
                var s1 = Vector256.Create(*(float*)(n1 + Activations.NoteSum));
                f01 = Vector256.FusedMultiplyAdd(minimum0, s1, f01);
                var s2 = Vector256.Create(*(float*)(n2 + Activations.NoteSum));
                f02 = Vector256.FusedMultiplyAdd(minimum0, s2, f02);
                var s3 = Vector256.Create(*(float*)(n3 + Activations.NoteSum));
                f03 = Vector256.FusedMultiplyAdd(minimum0, s3, f03);
            }
            panel += PanelLines.U4Count * Line;
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
        f01.Store(y + 1 * yStride);
        f02.Store(y + 2 * yStride);
        f03.Store(y + 3 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var ones = Vector256.Create((short)1);
        var offset = Vector256.Create((short)-8);
        var f00 = Vector256<float>.Zero;
        for (; blocks > 0; blocks--)
        {
            var a00 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector256.Load(panel + line * Line);
                var v0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx2.MultiplyAddAdjacent(w0, v0);
            }
            var scale0 = Vector256.Load((float*)(panel + PanelLines.U4Scale * Line));
            var d0 = Vector256.Create(*(float*)notes);
            var i00 = Avx2.MultiplyAddAdjacent(a00, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
                i00 += o0;
            }
            f00 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i00) * scale0, d0, f00);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector256.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var s0 = Vector256.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector256.FusedMultiplyAdd(minimum0, s0, f00);
            }
            panel += PanelLines.U4Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }
}
