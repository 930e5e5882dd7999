using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>How many products of codes by signed bytes an int16 holds, for <see cref="HalfTile256{TProducts, TMinimum}"/>.</summary>
internal unsafe interface IHalfProducts
{
    /// <summary>Σ of the products of sixteen elements times the factor of each row.</summary>
    static abstract Vector256<int> Dot(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d, byte* x, Vector256<short> factor);
}

/// <summary>Codes 0 to 31: four sums of 2·31·127 fit.</summary>
internal readonly unsafe struct FiveBitProducts : IHalfProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d, byte* x, Vector256<short> factor)
        => Avx2.MultiplyAddAdjacent(Line(a, x) + Line(b, x + 4) + Line(c, x + 8) + Line(d, x + 12), factor);

    /// <summary>A line by four elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Line(Vector256<byte> codes, byte* x) => Avx2.MultiplyAddAdjacent(codes, Vector256.Create(*(int*)x).AsSByte());
}

/// <summary>Codes 0 to 63: two sums of 2·63·127 fit.</summary>
internal readonly unsafe struct SixBitProducts : IHalfProducts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d, byte* x, Vector256<short> factor)
        => Avx2.MultiplyAddAdjacent(FiveBitProducts.Line(a, x) + FiveBitProducts.Line(b, x + 4), factor)
            + Avx2.MultiplyAddAdjacent(FiveBitProducts.Line(c, x + 8) + FiveBitProducts.Line(d, x + 12), factor);
}
