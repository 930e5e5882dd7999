using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>IQ4_XS by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class IQ4_XSVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var levels = new Levels512(Codebook.FourBitLevels);
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 136)
        {
            Vector512<int> words = Rows512.Words(rows, step), lows = Rows512.Words(rows + 4, step);
            var scale = Rows512.LowHalves(words);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 272)
            {
                Rows512.Prefetch(next, 5);
                var factor = (((lows >> (4 * sub)) & Vector512.Create(15)) | (((words >> (16 + 2 * sub)) & Vector512.Create(3)) << 4)) - Vector512.Create(32);
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(levels.Dot<TBits>(rows + 8 + 16 * sub, step, x, fine)) * (scale * Avx512F.ConvertToVector512Single(factor)), Vector512.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }
}
