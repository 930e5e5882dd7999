using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>IQ4_NL by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class IQ4_NLVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var levels = new Levels256(Codebook.FourBitLevels);
        var sum = Vector256<float>.Zero;
        var next = Rows256.FirstLine(rows + Rows256.Count * step);
        for (; blocks > 0; blocks--, rows += 18, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            // 9 lines in four blocks.
            Rows256.Prefetch(next, 2);
            if ((blocks & 3) == 0)
            {
                Rows256.Prefetch(next + 128, 1);
                next += 64;
            }
            next += 128;
            var scale = Rows256.LowHalves(Rows256.Words(rows, step));
            sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(levels.Dot<TBits>(rows + 2, step, x, fine)) * scale, Vector256.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }
}
