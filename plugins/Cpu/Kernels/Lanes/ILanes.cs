using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Lanes;

/// <summary>
/// Sixteen floats as one value, made of registers of one width. Kernels are written once over it, and since every width has the same sixteen lanes, the
/// same fused operations and the same order of sums, all widths give the same bits.
/// </summary>
internal unsafe interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>True if sixteen of these stay in registers; false if four is the sensible number.</summary>
    static abstract bool IsWide { get; }

    /// <summary>True if the tiles for this width multiply activations as words: see <see cref="Activations"/>.</summary>
    static abstract bool TilesTakeWords { get; }

    static abstract TSelf Zero { get; }
    /// <summary>0, 1, … 15.</summary>
    static abstract TSelf Ramp { get; }
    static abstract TSelf Fill(float value);

    static abstract TSelf Load(float* source);
    /// <summary>Sixteen IEEE halves, exact for every value.</summary>
    static abstract TSelf LoadHalf(ushort* source);
    /// <summary>Sixteen BF16 numbers.</summary>
    static abstract TSelf LoadBFloat(ushort* source);
    /// <summary>Sixteen signed bytes as floats.</summary>
    static abstract TSelf FromBytes(Vector128<sbyte> bytes);
    static abstract void Store(TSelf value, float* destination);
    /// <summary>Rounds to nearest, ties to even; overflows to infinity.</summary>
    static abstract void StoreHalf(TSelf value, ushort* destination);
    /// <summary>Rounds to nearest, ties to even.</summary>
    static abstract void StoreBFloat(TSelf value, ushort* destination);

    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);
    static abstract TSelf operator /(TSelf a, TSelf b);
    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);
    static abstract TSelf Max(TSelf a, TSelf b);
    static abstract TSelf Min(TSelf a, TSelf b);
    static abstract TSelf Abs(TSelf a);
    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf a);
    /// <summary>a · 2^n for whole n of −126 to 127.</summary>
    static abstract TSelf Scale2(TSelf a, TSelf n);
    /// <summary>Per lane a &lt; b ? yes : no; no where a or b is not a number.</summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf yes, TSelf no);
    /// <summary>The magnitude of a with the sign of b.</summary>
    static abstract TSelf CopySign(TSelf a, TSelf b);

    /// <summary>Sum over the lanes by halving: lane i with i + 8, then + 4, + 2, + 1.</summary>
    static abstract float Sum(TSelf a);
    /// <summary>The largest lane.</summary>
    static abstract float Largest(TSelf a);
    /// <summary>Rounds sixteen numbers within ±127 to bytes, ties to even, and returns the sum of the bytes.</summary>
    static abstract int StoreBytes(TSelf a, sbyte* destination);
    /// <summary>Rounds sixteen numbers within ±32767 to words, ties to even, and returns the sum of the words.</summary>
    static abstract int StoreWords(TSelf a, short* destination);
}
