using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q5_1 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q5_1Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var mask = Vector512.Create((byte)15);
        var sum = Vector512<float>.Zero;
        Vector512<byte> first = Vector512.Create(0x0000000000000000L, 0x0101010101010101L, 0x0000000000000000L, 0x0101010101010101L, 0x0000000000000000L, 0x0101010101010101L, 0x0000000000000000L, 0x0101010101010101L).AsByte();
        Vector512<byte> second = Vector512.Create(0x0202020202020202L, 0x0303030303030303L, 0x0202020202020202L, 0x0303030303030303L, 0x0202020202020202L, 0x0303030303030303L, 0x0202020202020202L, 0x0303030303030303L).AsByte();
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 24, next += 384, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 6);
            Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
            var q0 = Rows512.Load(rows + 8, step);
            Vector512<byte> u0 = (q0 & mask) | Fifth(rows + 4, step, first), v0 = ((q0.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 4, step, second);
            var c0 = Avx512BW.MultiplyAddAdjacent(u0, x0) + Avx512BW.MultiplyAddAdjacent(v0, x1);
            var f0 = Avx512BW.MultiplyAddAdjacent(u0, fine0) + Avx512BW.MultiplyAddAdjacent(v0, fine1);
            var q1 = Rows512.Load(rows + step + 8, step);
            Vector512<byte> u1 = (q1 & mask) | Fifth(rows + step + 4, step, first), v1 = ((q1.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + step + 4, step, second);
            var c1 = Avx512BW.MultiplyAddAdjacent(u1, x0) + Avx512BW.MultiplyAddAdjacent(v1, x1);
            var f1 = Avx512BW.MultiplyAddAdjacent(u1, fine0) + Avx512BW.MultiplyAddAdjacent(v1, fine1);
            var q2 = Rows512.Load(rows + 2 * step + 8, step);
            Vector512<byte> u2 = (q2 & mask) | Fifth(rows + 2 * step + 4, step, first), v2 = ((q2.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 2 * step + 4, step, second);
            var c2 = Avx512BW.MultiplyAddAdjacent(u2, x0) + Avx512BW.MultiplyAddAdjacent(v2, x1);
            var f2 = Avx512BW.MultiplyAddAdjacent(u2, fine0) + Avx512BW.MultiplyAddAdjacent(v2, fine1);
            var q3 = Rows512.Load(rows + 3 * step + 8, step);
            Vector512<byte> u3 = (q3 & mask) | Fifth(rows + 3 * step + 4, step, first), v3 = ((q3.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 3 * step + 4, step, second);
            var c3 = Avx512BW.MultiplyAddAdjacent(u3, x0) + Avx512BW.MultiplyAddAdjacent(v3, x1);
            var f3 = Avx512BW.MultiplyAddAdjacent(u3, fine0) + Avx512BW.MultiplyAddAdjacent(v3, fine1);
            var dot = FineSteps.Single<TBits>(Rows512.GatherWide(c0, c1, c2, c3), Rows512.GatherWide(f0, f1, f2, f3));
            var words = Rows512.Words(rows, step);
            sum = Vector512.FusedMultiplyAdd(dot * Rows512.LowHalves(words), Vector512.Create(*(float*)notes), sum);
            sum = Vector512.FusedMultiplyAdd(Rows512.HighHalves(words), Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }

    // Bit i of the row's word becomes 16 in byte i: the word is in every dword of the row's part.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Fifth(byte* place, nint step, Vector512<byte> spread)
    {
        var words = Rows512.Join(Vector256.Create(Vector128.Create(*(int*)place), Vector128.Create(*(int*)(place + 4 * step))), Vector256.Create(Vector128.Create(*(int*)(place + 8 * step)), Vector128.Create(*(int*)(place + 12 * step))));
        var bit = Vector512.Create(0x8040201008040201).AsByte();
        return Vector512.Equals(Avx512BW.Shuffle(words.AsByte(), spread) & bit, bit) & Vector512.Create((byte)16);
    }
}
