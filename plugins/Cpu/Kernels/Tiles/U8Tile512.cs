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

    // Reads the panel, and of each token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride)
    {
        var ones = Vector512.Create((short)1);
        var sixteens = Vector512.Create((short)16);
        var offset = Vector512.Create((short)-128);
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
            var l0 = Vector512<short>.Zero;
            var h0 = Vector512<short>.Zero;
            var l1 = Vector512<short>.Zero;
            var h1 = Vector512<short>.Zero;
            var l2 = Vector512<short>.Zero;
            var h2 = Vector512<short>.Zero;
            var l3 = Vector512<short>.Zero;
            var h3 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var low = Vector512.Load(panel + line * Line);
                var high = Vector512.Load(panel + (PanelLines.U8High + line) * Line);
                var v0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                l0 += Avx512BW.MultiplyAddAdjacent(low, v0);
                h0 += Avx512BW.MultiplyAddAdjacent(high, v0);
                var v1 = Vector512.Create(*(int*)(x1 + 4 * line)).AsSByte();
                l1 += Avx512BW.MultiplyAddAdjacent(low, v1);
                h1 += Avx512BW.MultiplyAddAdjacent(high, v1);
                var v2 = Vector512.Create(*(int*)(x2 + 4 * line)).AsSByte();
                l2 += Avx512BW.MultiplyAddAdjacent(low, v2);
                h2 += Avx512BW.MultiplyAddAdjacent(high, v2);
                var v3 = Vector512.Create(*(int*)(x3 + 4 * line)).AsSByte();
                l3 += Avx512BW.MultiplyAddAdjacent(low, v3);
                h3 += Avx512BW.MultiplyAddAdjacent(high, v3);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx512BW.MultiplyAddAdjacent(h0, sixteens) + Avx512BW.MultiplyAddAdjacent(l0, ones) + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            f0 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f0);
            var i1 = Avx512BW.MultiplyAddAdjacent(h1, sixteens) + Avx512BW.MultiplyAddAdjacent(l1, ones) + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n1 + Activations.NoteHalves)).AsInt16());
            f1 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i1) * scale, Vector512.Create(*(float*)n1), f1);
            var i2 = Avx512BW.MultiplyAddAdjacent(h2, sixteens) + Avx512BW.MultiplyAddAdjacent(l2, ones) + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n2 + Activations.NoteHalves)).AsInt16());
            f2 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i2) * scale, Vector512.Create(*(float*)n2), f2);
            var i3 = Avx512BW.MultiplyAddAdjacent(h3, sixteens) + Avx512BW.MultiplyAddAdjacent(l3, ones) + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(n3 + Activations.NoteHalves)).AsInt16());
            f3 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i3) * scale, Vector512.Create(*(float*)n3), f3);
            panel += PanelLines.U8Count * Line;
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
    public static void One(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride)
    {
        var ones = Vector512.Create((short)1);
        var sixteens = Vector512.Create((short)16);
        var offset = Vector512.Create((short)-128);
        var f0 = Vector512<float>.Zero;
        for (; blocks > 0; blocks--)
        {
            var l0 = Vector512<short>.Zero;
            var h0 = Vector512<short>.Zero;
            for (var line = 0; line < 8; line++)
            {
                var low = Vector512.Load(panel + line * Line);
                var high = Vector512.Load(panel + (PanelLines.U8High + line) * Line);
                var v0 = Vector512.Create(*(int*)(x + 4 * line)).AsSByte();
                l0 += Avx512BW.MultiplyAddAdjacent(low, v0);
                h0 += Avx512BW.MultiplyAddAdjacent(high, v0);
            }
            var scale = Vector512.Load((float*)(panel + PanelLines.U8Scale * Line));
            var i0 = Avx512BW.MultiplyAddAdjacent(h0, sixteens) + Avx512BW.MultiplyAddAdjacent(l0, ones) + Avx512BW.MultiplyAddAdjacent(offset, Vector512.Create(*(int*)(notes + Activations.NoteHalves)).AsInt16());
            f0 = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * scale, Vector512.Create(*(float*)notes), f0);
            panel += PanelLines.U8Count * Line;
            x += 32;
            notes += Activations.NoteBytes;
        }
        f0.Store(y);
    }
}
