using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// 32 elements of 8 rows whose nibbles number signed levels within ±127, by one token, 256-bit. |x| times the level with the sign of x: 2·127·127 fits an int16.
/// </summary>
internal readonly unsafe ref struct Levels256
{
    private readonly Vector256<sbyte> _levels;

    /// <summary>Sixteen levels.</summary>
    public Levels256(ReadOnlySpan<sbyte> levels) => _levels = Vector256.Create(Vector128.Create(levels), Vector128.Create(levels));

    /// <summary>The exact products with a block of activations, in fine steps: a row per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Dot<TBits>(byte* nibbles, nint step, sbyte* x, sbyte* fine) where TBits : struct, IActivationBits
    {
        Vector256<int> d0 = Products<TBits>(nibbles, step, x, fine), d1 = Products<TBits>(nibbles + step, step, x, fine);
        var d01 = Rows256.Pairs(d0, d1);
        Vector256<int> d2 = Products<TBits>(nibbles + 2 * step, step, x, fine), d3 = Products<TBits>(nibbles + 3 * step, step, x, fine);
        return Rows256.Join(d01, Rows256.Pairs(d2, d3));
    }

    // Of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Products<TBits>(byte* nibbles, nint step, sbyte* x, sbyte* fine) where TBits : struct, IActivationBits
    {
        var mask = Vector256.Create((byte)15);
        var codes = Rows256.Load(nibbles, step);
        var q = Avx2.Shuffle(_levels, (codes & mask).AsSByte());
        var r = Avx2.Shuffle(_levels, ((codes.AsUInt16() >> 4).AsByte() & mask).AsSByte());
        var ones = Vector256.Create((short)1);
        var dot = Avx2.MultiplyAddAdjacent(Product(q, fine), ones) + Avx2.MultiplyAddAdjacent(Product(r, fine + 16), ones);
        if (!TBits.HaveCoarse) return dot;
        var steps = Vector256.Create((short)Activations.Steps);
        return dot + (Avx2.MultiplyAddAdjacent(Product(q, x), steps) + Avx2.MultiplyAddAdjacent(Product(r, x + 16), steps));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Product(Vector256<sbyte> levels, sbyte* x)
    {
        var codes = Rows256.Repeat(x);
        return Avx2.MultiplyAddAdjacent(Avx2.Abs(codes), Avx2.Sign(levels, codes));
    }
}
