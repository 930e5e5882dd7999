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
    public static void Two<TBits>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits
    {
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
            var i0 = Sum<TBits>(a0, b0, c0, d0, notes);
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f00);
            var i1 = Sum<TBits>(a1, b1, c1, d1, notes1);
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
    public static void One<TBits>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits
    {
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
            var i0 = Sum<TBits>(a0, b0, c0, d0, notes);
            f00 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f00);
            panel += PanelLines.U8Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }

    // The sum of a block in fine steps, from low and high nibbles by coarse and by fine codes; 128 taken off.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sum<TBits>(Vector512<short> lowCoarse, Vector512<short> highCoarse, Vector512<short> low, Vector512<short> high, byte* notes) where TBits : struct, IActivationBits
    {
        var sum = Avx512BW.MultiplyAddAdjacent(high, Vector512.Create((short)16)) + Avx512BW.MultiplyAddAdjacent(low, Vector512.Create((short)1))
            + Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)-128), Vector512.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
        if (!TBits.HaveCoarse) return sum;
        return sum + Avx512BW.MultiplyAddAdjacent(highCoarse, Vector512.Create((short)(16 * Activations.Steps))) + Avx512BW.MultiplyAddAdjacent(lowCoarse, Vector512.Create((short)Activations.Steps))
            + Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)(-128 * Activations.Steps)), Vector512.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16());
    }
}
