using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>IQ4_XS by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class IQ4_XSVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var levels = new Levels256(Codebook.FourBitLevels);
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 136)
        {
            Vector256<int> words = Rows256.Words(rows, step), lows = Rows256.Words(rows + 4, step);
            var scale = Rows256.LowHalves(words);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 136)
            {
                Rows256.Prefetch(next, 3);
                var factor = (((lows >> (4 * sub)) & Vector256.Create(15)) | (((words >> (16 + 2 * sub)) & Vector256.Create(3)) << 4)) - Vector256.Create(32);
                sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(levels.Dot<TBits>(rows + 8 + 16 * sub, step, x, fine)) * (scale * Avx.ConvertToVector256Single(factor)), Vector256.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }
}
