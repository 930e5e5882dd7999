using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q5_1 by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q5_1Vector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var mask = Vector256.Create((byte)15);
        var sum = Vector256<float>.Zero;
        Vector256<byte> first = Vector256.Create(0x0000000000000000L, 0x0101010101010101L, 0x0000000000000000L, 0x0101010101010101L).AsByte();
        Vector256<byte> second = Vector256.Create(0x0202020202020202L, 0x0303030303030303L, 0x0202020202020202L, 0x0303030303030303L).AsByte();
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks--, rows += 24, next += 192, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows256.Prefetch(next, 3);
            Vector256<sbyte> x0 = Rows256.RepeatCoarse<TBits>(x), x1 = Rows256.RepeatCoarse<TBits>(x + 16), fine0 = Rows256.Repeat(fine), fine1 = Rows256.Repeat(fine + 16);
            var q0 = Rows256.Load(rows + 8, step);
            Vector256<byte> u0 = (q0 & mask) | Fifth(rows + 4, step, first), v0 = ((q0.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 4, step, second);
            var c0 = Avx2.MultiplyAddAdjacent(u0, x0) + Avx2.MultiplyAddAdjacent(v0, x1);
            var f0 = Avx2.MultiplyAddAdjacent(u0, fine0) + Avx2.MultiplyAddAdjacent(v0, fine1);
            var q1 = Rows256.Load(rows + step + 8, step);
            Vector256<byte> u1 = (q1 & mask) | Fifth(rows + step + 4, step, first), v1 = ((q1.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + step + 4, step, second);
            var c1 = Avx2.MultiplyAddAdjacent(u1, x0) + Avx2.MultiplyAddAdjacent(v1, x1);
            var f1 = Avx2.MultiplyAddAdjacent(u1, fine0) + Avx2.MultiplyAddAdjacent(v1, fine1);
            var q2 = Rows256.Load(rows + 2 * step + 8, step);
            Vector256<byte> u2 = (q2 & mask) | Fifth(rows + 2 * step + 4, step, first), v2 = ((q2.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 2 * step + 4, step, second);
            var c2 = Avx2.MultiplyAddAdjacent(u2, x0) + Avx2.MultiplyAddAdjacent(v2, x1);
            var f2 = Avx2.MultiplyAddAdjacent(u2, fine0) + Avx2.MultiplyAddAdjacent(v2, fine1);
            var q3 = Rows256.Load(rows + 3 * step + 8, step);
            Vector256<byte> u3 = (q3 & mask) | Fifth(rows + 3 * step + 4, step, first), v3 = ((q3.AsUInt16() >> 4).AsByte() & mask) | Fifth(rows + 3 * step + 4, step, second);
            var c3 = Avx2.MultiplyAddAdjacent(u3, x0) + Avx2.MultiplyAddAdjacent(v3, x1);
            var f3 = Avx2.MultiplyAddAdjacent(u3, fine0) + Avx2.MultiplyAddAdjacent(v3, fine1);
            var dot = FineSteps.Single<TBits>(Rows256.GatherWide(c0, c1, c2, c3), Rows256.GatherWide(f0, f1, f2, f3));
            var words = Rows256.Words(rows, step);
            sum = Vector256.FusedMultiplyAdd(dot * Rows256.LowHalves(words), Vector256.Create(*(float*)notes), sum);
            sum = Vector256.FusedMultiplyAdd(Rows256.HighHalves(words), Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }

    // Bit i of the row's word becomes 16 in byte i: the word is in every dword of the row's part.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(byte* place, nint step, Vector256<byte> spread)
    {
        var words = Vector256.Create(Vector128.Create(*(int*)place), Vector128.Create(*(int*)(place + 4 * step)));
        var bit = Vector256.Create(0x8040201008040201).AsByte();
        return Vector256.Equals(Avx2.Shuffle(words.AsByte(), spread) & bit, bit) & Vector256.Create((byte)16);
    }
}
