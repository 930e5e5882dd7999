using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Lanes;

/// <summary>Sixteen lanes in one 512-bit register (AVX-512 F and BW).</summary>
internal readonly unsafe struct Lanes512(Vector512<float> v) : ILanes<Lanes512>
{
    private readonly Vector512<float> _v = v;

    public static bool IsWide => true;
    public static bool TilesTakeWords => false;
    public static Lanes512 Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector512<float>.Zero); }
    public static Lanes512 Ramp { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fill(float value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* destination) => value._v.Store(destination);

    // The integer trick: exponent and mantissa of the half moved into place are the number times 2^-112; infinities and NaN get their exponent back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHalf(ushort* source)
    {
        var wide = Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source));
        var bits = (wide << 13) & Vector512.Create(unchecked((int)0x8FFFFFFF));
        var value = (bits.AsSingle() * Vector512.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector512.GreaterThanOrEqual(wide & Vector512.Create(0x7FFF), Vector512.Create(0x7C00)) & Vector512.Create(0x7F800000);
        return new((value | special).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBFloat(ushort* source) => new((Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes512 value, ushort* destination)
    {
        var bits = value._v.AsUInt32();
        var size = bits & Vector512.Create(0x7FFFFFFFu);
        var normal = (size + Vector512.Create(0xC8000FFFu) + ((size >> 13) & Vector512<uint>.One)) >> 13;
        var small = (size.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0x3F000000u);
        var half = Vector512.ConditionalSelect(Vector512.LessThan(size, Vector512.Create(0x38800000u)), small, normal);
        half = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(size, Vector512.Create(0x47800000u)), Vector512.Create(0x7C00u), half);
        half = Vector512.ConditionalSelect(Vector512.GreaterThan(size, Vector512.Create(0x7F800000u)), Vector512.Create(0x7E00u), half);
        Avx512F.ConvertToVector256UInt16(half | ((bits >> 16) & Vector512.Create(0x8000u))).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat(Lanes512 value, ushort* destination)
    {
        var bits = value._v.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        var nan = Vector512.GreaterThan(bits & Vector512.Create(0x7FFFFFFFu), Vector512.Create(0x7F800000u));
        Avx512F.ConvertToVector256UInt16(Vector512.ConditionalSelect(nan, (bits >> 16) | Vector512.Create(0x40u), rounded)).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.Max(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.Min(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Vector512.Round(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale2(Lanes512 a, Lanes512 n)
        => new(a._v * ((Vector512.ConvertToInt32Native(n._v) + Vector512.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 IfLess(Lanes512 a, Lanes512 b, Lanes512 yes, Lanes512 no)
        => new(Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), yes._v, no._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CopySign(Lanes512 a, Lanes512 b)
        => new(Vector512.ConditionalSelect(Vector512.Create(-0f), b._v, a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 a) => Lanes256.Sum8(a._v.GetLower() + a._v.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes512 a) => Lanes256.Largest8(Vector256.Max(a._v.GetLower(), a._v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreBytes(Lanes512 a, sbyte* destination)
    {
        var whole = Vector512.ConvertToInt32Native(Vector512.Round(a._v));
        Avx512F.ConvertToVector128SByte(whole).Store(destination);
        return Vector512.Sum(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreWords(Lanes512 a, short* destination)
    {
        var whole = Vector512.ConvertToInt32Native(Vector512.Round(a._v));
        Vector256.Narrow(whole.GetLower(), whole.GetUpper()).Store(destination);
        return Vector512.Sum(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 FromBytes(Vector128<sbyte> bytes) => new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes)));
}
