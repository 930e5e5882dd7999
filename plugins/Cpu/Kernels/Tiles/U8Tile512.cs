using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U8"/> by quantised activations, 512-bit: 16 rows at once. A lane is a row; a byte is two nibbles, each summed over the block in int16
/// as in the 4-bit tile (bytes themselves would overflow), so a block is an exact int32. Per output the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U8Tile512
{
    public const int Rows = 16;
    private const int Line = 64;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride)
    {
        Vector512<short> ones = Vector512.Create((short)1), sixteens = Vector512.Create((short)16);
        Vector512<short> steps = Vector512.Create((short)Activations.Steps), sixteenSteps = Vector512.Create((short)(16 * Activations.Steps));
        Vector512<short> offset = Vector512.Create((short)-128), coarseOffset = Vector512.Create((short)(-128 * Activations.Steps));
        var f00 = Vector512<float>.Zero;
        var f01 = Vector512<float>.Zero;
        var fine = x + finer;
        byte* x1 = x + stride, fine1 = fine + stride, notes1 = notes + stride;
        for (; blocks > 0; blocks--)
        {
            Vector512<short> a0 = Vector512<short>.Zero, b0 = Vector512<short>.Zero, c0 = Vector512<short>.Zero, d0 = Vector512<short>.Zero;
            Vector512<short> a1 = Vector512<short>.Zero, b1 = Vector512<short>.Zero, c1 = Vector512<short>.Zero, d1 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                Vector512<byte> low = Vector512.Load(panel + line * Line), high = Vector512.Load(panel + (PanelLines.U8High + line) * Line);
                var u0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a0 += Avx512BW.MultiplyAddAdjacent(low, u0);
                b0 += Avx512BW.MultiplyAddAdjacent(high, u0);
                var v0 = Vector512.Create(*(int*)(fine + 4 * line)).AsSByte();
                c0 += Avx512BW.MultiplyAddAdjacent(low, v0);
                d0 += Avx512BW.MultiplyAddAdjacent(high, v0);
                var u1 = Vector512.Create(*(int*)(x1 + 4 * line)).AsSByte();
                a1 += Avx512BW.MultiplyAddAdjacent(low, u1);
                b1 += Avx512BW.MultiplyAddAdjacent(high, u1);
                var v1 = Vector512.Create(*(int*)(fine1 + 4 * line)).AsSByte();
                c1 += Avx512BW.MultiplyAddAdjacent(low, v1);
                d1 += Avx512BW.MultiplyAddAdjacent(high, v1);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx512BW.MultiplyAddAdjacent(b0, sixteenSteps) + Avx512BW.MultiplyAddAdjacent(a0, steps) + Avx512BW.MultiplyAddAdjacent(d0, sixteens) + Avx512BW.MultiplyAddAdjacent(c0, ones)
                + Avx512BW.MultiplyAddAdjacent(coarseOffset, Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
                + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f00);
            var i1 = Avx512BW.MultiplyAddAdjacent(b1, sixteenSteps) + Avx512BW.MultiplyAddAdjacent(a1, steps) + Avx512BW.MultiplyAddAdjacent(d1, sixteens) + Avx512BW.MultiplyAddAdjacent(c1, ones)
                + Avx512BW.MultiplyAddAdjacent(coarseOffset, Vector512.Create(*(int*)(notes1 + Activations.NoteCoarse)).AsInt16())
                + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes1 + Activations.NoteFine)).AsInt16());
            f01 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i1) * scale, Vector512.Create(*(float*)notes1), f01);
            panel += PanelLines.U8Count * Line;
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
    public static void One(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride)
    {
        Vector512<short> ones = Vector512.Create((short)1), sixteens = Vector512.Create((short)16);
        Vector512<short> steps = Vector512.Create((short)Activations.Steps), sixteenSteps = Vector512.Create((short)(16 * Activations.Steps));
        Vector512<short> offset = Vector512.Create((short)-128), coarseOffset = Vector512.Create((short)(-128 * Activations.Steps));
        var f00 = Vector512<float>.Zero;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector512<short> a0 = Vector512<short>.Zero, b0 = Vector512<short>.Zero, c0 = Vector512<short>.Zero, d0 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                Vector512<byte> low = Vector512.Load(panel + line * Line), high = Vector512.Load(panel + (PanelLines.U8High + line) * Line);
                var u0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                a0 += Avx512BW.MultiplyAddAdjacent(low, u0);
                b0 += Avx512BW.MultiplyAddAdjacent(high, u0);
                var v0 = Vector512.Create(*(int*)(fine + 4 * line)).AsSByte();
                c0 += Avx512BW.MultiplyAddAdjacent(low, v0);
                d0 += Avx512BW.MultiplyAddAdjacent(high, v0);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx512BW.MultiplyAddAdjacent(b0, sixteenSteps) + Avx512BW.MultiplyAddAdjacent(a0, steps) + Avx512BW.MultiplyAddAdjacent(d0, sixteens) + Avx512BW.MultiplyAddAdjacent(c0, ones)
                + Avx512BW.MultiplyAddAdjacent(coarseOffset, Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
                + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f00);
            panel += PanelLines.U8Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }
}
