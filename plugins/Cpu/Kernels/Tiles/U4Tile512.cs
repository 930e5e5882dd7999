using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U4"/> by quantised activations, 512-bit: 32 rows in two groups at once. A lane is a row; eight products of 2·15·127 fit an int16
/// lane, so the bytes of a block are summed in int16, exactly, for the coarse and the fine codes; together they are an exact int32. Per output the float sum runs over
/// the blocks in order.
/// </summary>
internal static unsafe class U4Tile512
{
    public const int Rows = 32;
    private const int Line = 64;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two<TBits, TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var f00 = Vector512<float>.Zero;
        var f01 = Vector512<float>.Zero;
        var f10 = Vector512<float>.Zero;
        var f11 = Vector512<float>.Zero;
        var panel1 = panel + (nint)blocks * PanelLines.U4Count * Line;
        var fine = x + finer;
        byte* x1 = x + stride, fine1 = fine + stride, notes1 = notes + stride;
        for (; blocks > 0; blocks--)
        {
            Vector512<short> a00 = Vector512<short>.Zero, b00 = Vector512<short>.Zero;
            Vector512<short> a01 = Vector512<short>.Zero, b01 = Vector512<short>.Zero;
            Vector512<short> a10 = Vector512<short>.Zero, b10 = Vector512<short>.Zero;
            Vector512<short> a11 = Vector512<short>.Zero, b11 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector512.Load(panel + line * Line);
                var w1 = Vector512.Load(panel1 + line * Line);
                var c0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx512BW.MultiplyAddAdjacent(w0, c0);
                a10 += Avx512BW.MultiplyAddAdjacent(w1, c0);
                var d0 = Vector512.Create(*(int*)(fine + 4 * line)).AsSByte();
                b00 += Avx512BW.MultiplyAddAdjacent(w0, d0);
                b10 += Avx512BW.MultiplyAddAdjacent(w1, d0);
                var c1 = Vector512.Create(*(int*)(x1 + 4 * line)).AsSByte();
                a01 += Avx512BW.MultiplyAddAdjacent(w0, c1);
                a11 += Avx512BW.MultiplyAddAdjacent(w1, c1);
                var d1 = Vector512.Create(*(int*)(fine1 + 4 * line)).AsSByte();
                b01 += Avx512BW.MultiplyAddAdjacent(w0, d1);
                b11 += Avx512BW.MultiplyAddAdjacent(w1, d1);
            }
            var i00 = Sum<TBits>(a00, b00);
            var i01 = Sum<TBits>(a01, b01);
            var i10 = Sum<TBits>(a10, b10);
            var i11 = Sum<TBits>(a11, b11);
            if (!TMinimum.Exists)
            {
                var o0 = Offset<TBits>(notes);
                i00 += o0;
                i10 += o0;
                var o1 = Offset<TBits>(notes1);
                i01 += o1;
                i11 += o1;
            }
            var scale0 = Vector512.Load((float*)(panel + PanelLines.U4Scale * Line));
            var scale1 = Vector512.Load((float*)(panel1 + PanelLines.U4Scale * Line));
            var unit0 = Vector512.Create(*(float*)notes);
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i00) * scale0, unit0, f00);
            f10 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i10) * scale1, unit0, f10);
            var unit1 = Vector512.Create(*(float*)notes1);
            f01 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i01) * scale0, unit1, f01);
            f11 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i11) * scale1, unit1, f11);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector512.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var minimum1 = Vector512.Load((float*)(panel1 + PanelLines.U4Minimum * Line));
                var s0 = Vector512.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector512.FusedMultiplyAdd(minimum0, s0, f00);
                f10 = Vector512.FusedMultiplyAdd(minimum1, s0, f10);
                var s1 = Vector512.Create(*(float*)(notes1 + Activations.NoteSum));
                f01 = Vector512.FusedMultiplyAdd(minimum0, s1, f01);
                f11 = Vector512.FusedMultiplyAdd(minimum1, s1, f11);
            }
            panel += PanelLines.U4Count * Line;
            panel1 += PanelLines.U4Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            fine1 += 32;
            notes1 += Activations.NoteBytes;
        }
        f00.Store(y);
        f10.Store(y + 16);
        f01.Store(y + yStride);
        f11.Store(y + yStride + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TBits, TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var f00 = Vector512<float>.Zero;
        var f10 = Vector512<float>.Zero;
        var panel1 = panel + (nint)blocks * PanelLines.U4Count * Line;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector512<short> a00 = Vector512<short>.Zero, b00 = Vector512<short>.Zero;
            Vector512<short> a10 = Vector512<short>.Zero, b10 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector512.Load(panel + line * Line);
                var w1 = Vector512.Load(panel1 + line * Line);
                var c0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx512BW.MultiplyAddAdjacent(w0, c0);
                a10 += Avx512BW.MultiplyAddAdjacent(w1, c0);
                var d0 = Vector512.Create(*(int*)(fine + 4 * line)).AsSByte();
                b00 += Avx512BW.MultiplyAddAdjacent(w0, d0);
                b10 += Avx512BW.MultiplyAddAdjacent(w1, d0);
            }
            var i00 = Sum<TBits>(a00, b00);
            var i10 = Sum<TBits>(a10, b10);
            if (!TMinimum.Exists)
            {
                var o0 = Offset<TBits>(notes);
                i00 += o0;
                i10 += o0;
            }
            var scale0 = Vector512.Load((float*)(panel + PanelLines.U4Scale * Line));
            var scale1 = Vector512.Load((float*)(panel1 + PanelLines.U4Scale * Line));
            var unit0 = Vector512.Create(*(float*)notes);
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i00) * scale0, unit0, f00);
            f10 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i10) * scale1, unit0, f10);
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
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
        f10.Store(y + 16);
    }

    // The sum of a block in fine steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sum<TBits>(Vector512<short> coarse, Vector512<short> fine) where TBits : struct, IActivationBits
    {
        var sum = Avx512BW.MultiplyAddAdjacent(fine, Vector512.Create((short)1));
        return TBits.HaveCoarse ? sum + Avx512BW.MultiplyAddAdjacent(coarse, Vector512.Create((short)Activations.Steps)) : sum;
    }

    // Minus what it is too large by if codes are 8 too large.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Offset<TBits>(byte* notes) where TBits : struct, IActivationBits
    {
        var offset = Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)-8), Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
        return TBits.HaveCoarse
            ? offset + Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)(-8 * Activations.Steps)), Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
            : offset;
    }
}
