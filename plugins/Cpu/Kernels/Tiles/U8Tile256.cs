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

    // Reads the panel, and of each token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride)
    {
        var ones = Vector256.Create((short)1);
        var sixteens = Vector256.Create((short)16);
        var offset = Vector256.Create((short)-128);
        var f0 = Vector256<float>.Zero;
        var f1 = Vector256<float>.Zero;
        var x1 = x + 1 * stride;
        var n1 = notes + 1 * stride;
        for (; blocks > 0; blocks--)
        {
            var l0 = Vector256<short>.Zero;
            var h0 = Vector256<short>.Zero;
            var l1 = Vector256<short>.Zero;
            var h1 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var low = Vector256.Load(panel + line * Line);
                var high = Vector256.Load(panel + (PanelLines.U8High + line) * Line);
                var v0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                l0 += Avx2.MultiplyAddAdjacent(low, v0);
                h0 += Avx2.MultiplyAddAdjacent(high, v0);
                var v1 = Vector256.Create(*(int*)(x1 + 4 * line)).AsSByte();
                l1 += Avx2.MultiplyAddAdjacent(low, v1);
                h1 += Avx2.MultiplyAddAdjacent(high, v1);
            }
            var scale = Vector256.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx2.MultiplyAddAdjacent(h0, sixteens) + Avx2.MultiplyAddAdjacent(l0, ones) + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            f0 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i0) * scale, Vector256.Create(*(float*)notes), f0);
            var i1 = Avx2.MultiplyAddAdjacent(h1, sixteens) + Avx2.MultiplyAddAdjacent(l1, ones) + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(n1 + Activations.NoteHalves)).AsInt16());
            f1 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i1) * scale, Vector256.Create(*(float*)n1), f1);
            panel += PanelLines.U8Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
            x1 += 32;
            n1 += Activations.NoteBytes;
        }
        f0.Store(y);
        f1.Store(y + 1 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride)
    {
        var ones = Vector256.Create((short)1);
        var sixteens = Vector256.Create((short)16);
        var offset = Vector256.Create((short)-128);
        var f0 = Vector256<float>.Zero;
        for (; blocks > 0; blocks--)
        {
            var l0 = Vector256<short>.Zero;
            var h0 = Vector256<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var low = Vector256.Load(panel + line * Line);
                var high = Vector256.Load(panel + (PanelLines.U8High + line) * Line);
                var v0 = Vector256.Create(*(int*)(x + 4 * line)).AsSByte();
                l0 += Avx2.MultiplyAddAdjacent(low, v0);
                h0 += Avx2.MultiplyAddAdjacent(high, v0);
            }
            var scale = Vector256.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx2.MultiplyAddAdjacent(h0, sixteens) + Avx2.MultiplyAddAdjacent(l0, ones) + Avx2.MultiplyAddAdjacent(offset, Vector256.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            f0 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i0) * scale, Vector256.Create(*(float*)notes), f0);
            panel += PanelLines.U8Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
        }
        f0.Store(y);
    }
}
