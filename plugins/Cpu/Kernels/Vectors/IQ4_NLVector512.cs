using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>IQ4_NL by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class IQ4_NLVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var levels = new Levels512(Codebook.FourBitLevels);
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 18, next += 288, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 5);
            var scale = Rows512.LowHalves(Rows512.Words(rows, step));
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(levels.Dot<TBits>(rows + 2, step, x, fine)) * scale, Vector512.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }
}
