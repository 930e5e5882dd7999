using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U4"/> by quantised activations, 256-bit: 8 rows at once. A lane is a row; eight products of 2·15·127 fit an int16
/// lane, so the bytes of a block are summed in int16, exactly, for the coarse and the fine codes; together they are an exact int32. Per output the float sum runs over
/// the blocks in order.
/// </summary>
internal static unsafe class U4Tile256
{
    public const int Rows = 8;
    private const int Line = 32;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two<TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var ones = Vector256.Create((short)1);
        var steps = Vector256.Create((short)Activations.Steps);
        Vector256<short> offset = Vector256.Create((short)-8), coarseOffset = Vector256.Create((short)(-8 * Activations.Steps));
        var f00 = Vector256<float>.Zero;
        var f01 = Vector256<float>.Zero;
        var fine = x + finer;
        byte* x1 = x + stride, fine1 = fine + stride, notes1 = notes + stride;
        for (; blocks > 0; blocks--)
        {
            Vector256<short> a00 = Vector256<short>.Zero, b00 = Vector256<short>.Zero;
            Vector256<short> a01 = Vector256<short>.Zero, b01 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector256.Load(panel + line * Line);
                var c0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx2.MultiplyAddAdjacent(w0, c0);
                var d0 = Vector256.Create(*(int*)(fine + 4 * line)).AsSByte();
                b00 += Avx2.MultiplyAddAdjacent(w0, d0);
                var c1 = Vector256.Create(*(int*)(x1 + 4 * line)).AsSByte();
                a01 += Avx2.MultiplyAddAdjacent(w0, c1);
                var d1 = Vector256.Create(*(int*)(fine1 + 4 * line)).AsSByte();
                b01 += Avx2.MultiplyAddAdjacent(w0, d1);
            }
            var i00 = Avx2.MultiplyAddAdjacent(a00, steps) + Avx2.MultiplyAddAdjacent(b00, ones);
            var i01 = Avx2.MultiplyAddAdjacent(a01, steps) + Avx2.MultiplyAddAdjacent(b01, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx2.MultiplyAddAdjacent(coarseOffset, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
                    + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
                i00 += o0;
                var o1 = Avx2.MultiplyAddAdjacent(coarseOffset, Vector256.Create(*(int*)(notes1 + Activations.NoteCoarse)).AsInt16())
                    + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes1 + Activations.NoteFine)).AsInt16());
                i01 += o1;
            }
            var scale0 = Vector256.Load((float*)(panel + PanelLines.U4Scale * Line));
            var unit0 = Vector256.Create(*(float*)notes);
            f00 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i00) * scale0, unit0, f00);
            var unit1 = Vector256.Create(*(float*)notes1);
            f01 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i01) * scale0, unit1, f01);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector256.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var s0 = Vector256.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector256.FusedMultiplyAdd(minimum0, s0, f00);
                var s1 = Vector256.Create(*(float*)(notes1 + Activations.NoteSum));
                f01 = Vector256.FusedMultiplyAdd(minimum0, s1, f01);
            }
            panel += PanelLines.U4Count * Line;
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
        var ones = Vector256.Create((short)1);
        var steps = Vector256.Create((short)Activations.Steps);
        Vector256<short> offset = Vector256.Create((short)-8), coarseOffset = Vector256.Create((short)(-8 * Activations.Steps));
        var f00 = Vector256<float>.Zero;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector256<short> a00 = Vector256<short>.Zero, b00 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var w0 = Vector256.Load(panel + line * Line);
                var c0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                a00 += Avx2.MultiplyAddAdjacent(w0, c0);
                var d0 = Vector256.Create(*(int*)(fine + 4 * line)).AsSByte();
                b00 += Avx2.MultiplyAddAdjacent(w0, d0);
            }
            var i00 = Avx2.MultiplyAddAdjacent(a00, steps) + Avx2.MultiplyAddAdjacent(b00, ones);
            if (!TMinimum.Exists)
            {
                var o0 = Avx2.MultiplyAddAdjacent(coarseOffset, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
                    + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
                i00 += o0;
            }
            var scale0 = Vector256.Load((float*)(panel + PanelLines.U4Scale * Line));
            var unit0 = Vector256.Create(*(float*)notes);
            f00 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i00) * scale0, unit0, f00);
            if (TMinimum.Exists)
            {
                var minimum0 = Vector256.Load((float*)(panel + PanelLines.U4Minimum * Line));
                var s0 = Vector256.Create(*(float*)(notes + Activations.NoteSum));
                f00 = Vector256.FusedMultiplyAdd(minimum0, s0, f00);
            }
            panel += PanelLines.U4Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }
}
