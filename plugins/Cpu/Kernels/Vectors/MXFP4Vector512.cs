using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>MXFP4 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class MXFP4Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var levels = new Levels512(Codebook.Fp4Levels);
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 17, next += 272, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 5);
            var scale = HalfOf(Rows512.Words(rows, step) & Vector512.Create(0xFF));
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(levels.Dot<TBits>(rows + 1, step, x, fine)) * scale, Vector512.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }

    // As MXFP4Row.HalfOf.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> HalfOf(Vector512<int> exponents)
    {
        var subnormal = Vector512.Create(0x00200000) + (exponents << 21);
        return Vector512.ConditionalSelect(Vector512.LessThan(exponents, Vector512.Create(2)), subnormal, (exponents - Vector512.Create(1)) << 23).AsSingle();
    }
}
