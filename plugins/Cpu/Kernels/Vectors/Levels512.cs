using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// 32 elements of 16 rows whose nibbles number signed levels, by one token, 512-bit. |level| times x with the sign of the level: 2·127·127 fits an int16.
/// </summary>
internal readonly unsafe ref struct Levels512
{
    private readonly Vector512<sbyte> _levels;

    /// <summary>Sixteen levels.</summary>
    public Levels512(ReadOnlySpan<sbyte> levels) => _levels = Rows512.Join(Vector256.Create(Vector128.Create(levels), Vector128.Create(levels)), Vector256.Create(Vector128.Create(levels), Vector128.Create(levels)));

    /// <summary>The exact products with a block of activations, in fine steps: a row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<int> Dot<TBits>(byte* nibbles, nint step, sbyte* x, sbyte* fine) where TBits : struct, IActivationBits
    {
        Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
        Products(nibbles, step, x0, x1, fine0, fine1, out var c0, out var f0);
        Products(nibbles + step, step, x0, x1, fine0, fine1, out var c1, out var f1);
        Products(nibbles + 2 * step, step, x0, x1, fine0, fine1, out var c2, out var f2);
        Products(nibbles + 3 * step, step, x0, x1, fine0, fine1, out var c3, out var f3);
        return TBits.HaveCoarse ? Rows512.Gather(c0, c1, c2, c3) * Activations.Steps + Rows512.Gather(f0, f1, f2, f3) : Rows512.Gather(f0, f1, f2, f3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Products(byte* nibbles, nint step, Vector512<sbyte> x0, Vector512<sbyte> x1, Vector512<sbyte> fine0, Vector512<sbyte> fine1, out Vector512<int> coarse, out Vector512<int> rest)
    {
        var mask = Vector512.Create((byte)15);
        var codes = Rows512.Load(nibbles, step);
        var q = Avx512BW.Shuffle(_levels, (codes & mask).AsSByte());
        var r = Avx512BW.Shuffle(_levels, ((codes.AsUInt16() >> 4).AsByte() & mask).AsSByte());
        Vector512<byte> u = Avx512BW.Abs(q), v = Avx512BW.Abs(r);
        var ones = Vector512.Create((short)1);
        coarse = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u, Signed(x0, q)), ones) + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v, Signed(x1, r)), ones);
        rest = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u, Signed(fine0, q)), ones) + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v, Signed(fine1, r)), ones);
    }

    // x with the sign of q.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Signed(Vector512<sbyte> x, Vector512<sbyte> q)
        => Avx512BW.BlendVariable(x, Vector512<sbyte>.Zero - x, Avx512BW.CompareLessThan(q, Vector512<sbyte>.Zero));
}
