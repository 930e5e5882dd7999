using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// 32 elements of 8 rows whose nibbles number signed levels, by one token, 256-bit. |level| times x with the sign of the level: 2·127·127 fits an int16.
/// </summary>
internal readonly unsafe ref struct Levels256
{
    private readonly Vector256<sbyte> _levels;

    /// <summary>Sixteen levels.</summary>
    public Levels256(ReadOnlySpan<sbyte> levels) => _levels = Vector256.Create(Vector128.Create(levels), Vector128.Create(levels));

    /// <summary>The exact products with a block of activations, in fine steps: a row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Dot(byte* nibbles, nint step, sbyte* x, sbyte* fine)
    {
        Vector256<sbyte> x0 = Rows256.Repeat(x), x1 = Rows256.Repeat(x + 16), fine0 = Rows256.Repeat(fine), fine1 = Rows256.Repeat(fine + 16);
        return Rows256.Gather(Products(nibbles, step, x0, x1, fine0, fine1), Products(nibbles + step, step, x0, x1, fine0, fine1),
            Products(nibbles + 2 * step, step, x0, x1, fine0, fine1), Products(nibbles + 3 * step, step, x0, x1, fine0, fine1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Products(byte* nibbles, nint step, Vector256<sbyte> x0, Vector256<sbyte> x1, Vector256<sbyte> fine0, Vector256<sbyte> fine1)
    {
        var mask = Vector256.Create((byte)15);
        var codes = Rows256.Load(nibbles, step);
        var q = Avx2.Shuffle(_levels, (codes & mask).AsSByte());
        var r = Avx2.Shuffle(_levels, ((codes.AsUInt16() >> 4).AsByte() & mask).AsSByte());
        Vector256<byte> u = Avx2.Abs(q), v = Avx2.Abs(r);
        Vector256<short> ones = Vector256.Create((short)1), steps = Vector256.Create((short)Activations.Steps);
        return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u, Signed(x0, q)), steps) + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v, Signed(x1, r)), steps)
            + (Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u, Signed(fine0, q)), ones) + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v, Signed(fine1, r)), ones));
    }

    // x with the sign of q.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Signed(Vector256<sbyte> x, Vector256<sbyte> q)
        => Avx2.Sign(x, q);
}
