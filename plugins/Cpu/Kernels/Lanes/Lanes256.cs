using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Lanes;

/// <summary>Sixteen lanes in two 256-bit registers (AVX2 and FMA).</summary>
internal readonly unsafe struct Lanes256(Vector256<float> a, Vector256<float> b) : ILanes<Lanes256>
{
    private readonly Vector256<float> _a = a, _b = b;

    public static bool IsWide => false;
    public static bool TilesTakeWords => true;
    public static Lanes256 Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector256<float>.Zero, Vector256<float>.Zero); }
    public static Lanes256 Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(8f, 9, 10, 11, 12, 13, 14, 15));
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fill(float value) { var v = Vector256.Create(value); return new(v, v); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* destination) { value._a.Store(destination); value._b.Store(destination + 8); }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalf(ushort* source)
    {
        var (low, high) = Vector256.Widen(Vector256.Load((short*)source));
        return new(FromHalf(low), FromHalf(high));
    }

    // As in Lanes512.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> FromHalf(Vector256<int> wide)
    {
        var bits = (wide << 13) & Vector256.Create(unchecked((int)0x8FFFFFFF));
        var value = (bits.AsSingle() * Vector256.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector256.GreaterThanOrEqual(wide & Vector256.Create(0x7FFF), Vector256.Create(0x7C00)) & Vector256.Create(0x7F800000);
        return (value | special).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBFloat(ushort* source)
    {
        var (low, high) = Vector256.Widen(Vector256.Load((short*)source));
        return new((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes256 value, ushort* destination)
        => Vector256.Narrow(ToHalf(value._a.AsUInt32()), ToHalf(value._b.AsUInt32())).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> ToHalf(Vector256<uint> bits)
    {
        var size = bits & Vector256.Create(0x7FFFFFFFu);
        var normal = (size + Vector256.Create(0xC8000FFFu) + ((size >> 13) & Vector256<uint>.One)) >> 13;
        var small = (size.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
        var half = Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0x38800000u)), small, normal);
        half = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(size, Vector256.Create(0x47800000u)), Vector256.Create(0x7C00u), half);
        half = Vector256.ConditionalSelect(Vector256.GreaterThan(size, Vector256.Create(0x7F800000u)), Vector256.Create(0x7E00u), half);
        return half | ((bits >> 16) & Vector256.Create(0x8000u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat(Lanes256 value, ushort* destination)
        => Vector256.Narrow(ToBFloat(value._a.AsUInt32()), ToBFloat(value._b.AsUInt32())).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> ToBFloat(Vector256<uint> bits)
    {
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        var nan = Vector256.GreaterThan(bits & Vector256.Create(0x7FFFFFFFu), Vector256.Create(0x7F800000u));
        return Vector256.ConditionalSelect(nan, (bits >> 16) | Vector256.Create(0x40u), rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._a + b._a, a._b + b._b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._a - b._a, a._b - b._b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._a * b._a, a._b * b._b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._a / b._a, a._b / b._b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c)
        => new(Vector256.FusedMultiplyAdd(a._a, b._a, c._a), Vector256.FusedMultiplyAdd(a._b, b._b, c._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.Max(a._a, b._a), Vector256.Max(a._b, b._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.Min(a._a, b._a), Vector256.Min(a._b, b._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a._a), Vector256.Abs(a._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a._a), Vector256.Round(a._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale2(Lanes256 a, Lanes256 n) => new(a._a * Power(n._a), a._b * Power(n._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<float> n) => ((Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23).AsSingle();
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 IfLess(Lanes256 a, Lanes256 b, Lanes256 yes, Lanes256 no)
        => new(Vector256.ConditionalSelect(Vector256.LessThan(a._a, b._a), yes._a, no._a), Vector256.ConditionalSelect(Vector256.LessThan(a._b, b._b), yes._b, no._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CopySign(Lanes256 a, Lanes256 b)
    {
        var sign = Vector256.Create(-0f);
        return new(Vector256.ConditionalSelect(sign, b._a, a._a), Vector256.ConditionalSelect(sign, b._b, a._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 a) => Sum8(a._a + a._b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 a) => Largest8(Vector256.Max(a._a, a._b));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum8(Vector256<float> v) => Lanes128.Sum4(v.GetLower() + v.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Largest8(Vector256<float> v) => Lanes128.Largest4(Vector128.Max(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreBytes(Lanes256 a, sbyte* destination)
    {
        var low = Vector256.ConvertToInt32Native(Vector256.Round(a._a));
        var high = Vector256.ConvertToInt32Native(Vector256.Round(a._b));
        var words = Vector256.Narrow(low, high);
        Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(destination);
        return Vector256.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreWords(Lanes256 a, short* destination)
    {
        var low = Vector256.ConvertToInt32Native(Vector256.Round(a._a));
        var high = Vector256.ConvertToInt32Native(Vector256.Round(a._b));
        Vector256.Narrow(low, high).Store(destination);
        return Vector256.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 FromBytes(Vector128<sbyte> bytes)
    {
        var words = Avx2.ConvertToVector256Int16(bytes);
        var (low, high) = Vector256.Widen(words);
        return new(Vector256.ConvertToSingle(low), Vector256.ConvertToSingle(high));
    }
}
