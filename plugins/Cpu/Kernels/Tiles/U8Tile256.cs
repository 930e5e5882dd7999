using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U8"/> by quantised activations, 256-bit: 8 rows at once. A lane is a row; a byte is two nibbles, each summed over the block in int16
/// as in the 4-bit tile (bytes themselves would overflow), so a block is an exact int32. Per output the float sum runs over the blocks in order.
/// </summary>
internal static unsafe class U8Tile256
{
    public const int Rows = 8;
    private const int Line = 32;

    // Reads the panel, and of each token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride)
    {
        Vector256<short> ones = Vector256.Create((short)1), sixteens = Vector256.Create((short)16);
        Vector256<short> steps = Vector256.Create((short)Activations.Steps), sixteenSteps = Vector256.Create((short)(16 * Activations.Steps));
        Vector256<short> offset = Vector256.Create((short)-128), coarseOffset = Vector256.Create((short)(-128 * Activations.Steps));
        var f00 = Vector256<float>.Zero;
        var fine = x + finer;
        for (; blocks > 0; blocks--)
        {
            Vector256<short> a0 = Vector256<short>.Zero, b0 = Vector256<short>.Zero, c0 = Vector256<short>.Zero, d0 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                Vector256<byte> low = Vector256.Load(panel + line * Line), high = Vector256.Load(panel + (PanelLines.U8High + line) * Line);
                var u0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                a0 += Avx2.MultiplyAddAdjacent(low, u0);
                b0 += Avx2.MultiplyAddAdjacent(high, u0);
                var v0 = Vector256.Create(*(int*)(fine + 4 * line)).AsSByte();
                c0 += Avx2.MultiplyAddAdjacent(low, v0);
                d0 += Avx2.MultiplyAddAdjacent(high, v0);
            }
            var scale = Vector256.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx2.MultiplyAddAdjacent(b0, sixteenSteps) + Avx2.MultiplyAddAdjacent(a0, steps) + Avx2.MultiplyAddAdjacent(d0, sixteens) + Avx2.MultiplyAddAdjacent(c0, ones)
                + Avx2.MultiplyAddAdjacent(coarseOffset, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16())
                + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16());
            f00 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i0) * scale, Vector256.Create(*(float*)notes), f00);
            panel += PanelLines.U8Count * Line;
            x += 32;
            fine += 32;
            notes += Activations.NoteBytes;
        }
        f00.Store(y);
    }
}
