using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Lanes;

/// <summary>Sixteen lanes in four 128-bit registers, in portable operations only: runs on every processor.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> _a = a, _b = b, _c = c, _d = d;

    public static bool IsWide => false;
    public static bool TilesTakeWords => false;
    public static Lanes128 Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Fill(0); }
    public static Lanes128 Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128.Create(0f, 1, 2, 3), Vector128.Create(4f, 5, 6, 7), Vector128.Create(8f, 9, 10, 11), Vector128.Create(12f, 13, 14, 15));
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fill(float value) { var v = Vector128.Create(value); return new(v, v, v, v); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source)
        => new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* destination)
    {
        value._a.Store(destination);
        value._b.Store(destination + 4);
        value._c.Store(destination + 8);
        value._d.Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalf(ushort* source)
    {
        var (a, b) = Vector128.Widen(Vector128.Load((short*)source));
        var (c, d) = Vector128.Widen(Vector128.Load((short*)source + 8));
        return new(FromHalf(a), FromHalf(b), FromHalf(c), FromHalf(d));
    }

    // As in Lanes512.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> FromHalf(Vector128<int> wide)
    {
        var bits = (wide << 13) & Vector128.Create(unchecked((int)0x8FFFFFFF));
        var value = (bits.AsSingle() * Vector128.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector128.GreaterThanOrEqual(wide & Vector128.Create(0x7FFF), Vector128.Create(0x7C00)) & Vector128.Create(0x7F800000);
        return (value | special).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBFloat(ushort* source)
    {
        var (a, b) = Vector128.Widen(Vector128.Load((short*)source));
        var (c, d) = Vector128.Widen(Vector128.Load((short*)source + 8));
        return new((a << 16).AsSingle(), (b << 16).AsSingle(), (c << 16).AsSingle(), (d << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Lanes128 value, ushort* destination)
    {
        Vector128.Narrow(ToHalf(value._a.AsUInt32()), ToHalf(value._b.AsUInt32())).Store(destination);
        Vector128.Narrow(ToHalf(value._c.AsUInt32()), ToHalf(value._d.AsUInt32())).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToHalf(Vector128<uint> bits)
    {
        var size = bits & Vector128.Create(0x7FFFFFFFu);
        var normal = (size + Vector128.Create(0xC8000FFFu) + ((size >> 13) & Vector128<uint>.One)) >> 13;
        var small = (size.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0x3F000000u);
        var half = Vector128.ConditionalSelect(Vector128.LessThan(size, Vector128.Create(0x38800000u)), small, normal);
        half = Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(size, Vector128.Create(0x47800000u)), Vector128.Create(0x7C00u), half);
        half = Vector128.ConditionalSelect(Vector128.GreaterThan(size, Vector128.Create(0x7F800000u)), Vector128.Create(0x7E00u), half);
        return half | ((bits >> 16) & Vector128.Create(0x8000u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat(Lanes128 value, ushort* destination)
    {
        Vector128.Narrow(ToBFloat(value._a.AsUInt32()), ToBFloat(value._b.AsUInt32())).Store(destination);
        Vector128.Narrow(ToBFloat(value._c.AsUInt32()), ToBFloat(value._d.AsUInt32())).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToBFloat(Vector128<uint> bits)
    {
        var rounded = (bits + Vector128.Create(0x7FFFu) + ((bits >> 16) & Vector128<uint>.One)) >> 16;
        var nan = Vector128.GreaterThan(bits & Vector128.Create(0x7FFFFFFFu), Vector128.Create(0x7F800000u));
        return Vector128.ConditionalSelect(nan, (bits >> 16) | Vector128.Create(0x40u), rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 x, Lanes128 y) => new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 x, Lanes128 y) => new(x._a - y._a, x._b - y._b, x._c - y._c, x._d - y._d);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 x, Lanes128 y) => new(x._a * y._a, x._b * y._b, x._c * y._c, x._d * y._d);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 x, Lanes128 y) => new(x._a / y._a, x._b / y._b, x._c / y._c, x._d / y._d);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 x, Lanes128 y, Lanes128 z)
        => new(Vector128.FusedMultiplyAdd(x._a, y._a, z._a), Vector128.FusedMultiplyAdd(x._b, y._b, z._b),
               Vector128.FusedMultiplyAdd(x._c, y._c, z._c), Vector128.FusedMultiplyAdd(x._d, y._d, z._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 x, Lanes128 y)
        => new(Vector128.Max(x._a, y._a), Vector128.Max(x._b, y._b), Vector128.Max(x._c, y._c), Vector128.Max(x._d, y._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 x, Lanes128 y)
        => new(Vector128.Min(x._a, y._a), Vector128.Min(x._b, y._b), Vector128.Min(x._c, y._c), Vector128.Min(x._d, y._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 x) => new(Vector128.Abs(x._a), Vector128.Abs(x._b), Vector128.Abs(x._c), Vector128.Abs(x._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 x) => new(Vector128.Round(x._a), Vector128.Round(x._b), Vector128.Round(x._c), Vector128.Round(x._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale2(Lanes128 x, Lanes128 n) => new(x._a * Power(n._a), x._b * Power(n._b), x._c * Power(n._c), x._d * Power(n._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<float> n) => ((Vector128.ConvertToInt32Native(n) + Vector128.Create(127)) << 23).AsSingle();
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 IfLess(Lanes128 x, Lanes128 y, Lanes128 yes, Lanes128 no)
        => new(Pick(x._a, y._a, yes._a, no._a), Pick(x._b, y._b, yes._b, no._b), Pick(x._c, y._c, yes._c, no._c), Pick(x._d, y._d, yes._d, no._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pick(Vector128<float> x, Vector128<float> y, Vector128<float> yes, Vector128<float> no)
        => Vector128.ConditionalSelect(Vector128.LessThan(x, y), yes, no);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 CopySign(Lanes128 x, Lanes128 y)
    {
        var sign = Vector128.Create(-0f);
        return new(Vector128.ConditionalSelect(sign, y._a, x._a), Vector128.ConditionalSelect(sign, y._b, x._b),
                   Vector128.ConditionalSelect(sign, y._c, x._c), Vector128.ConditionalSelect(sign, y._d, x._d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 x) => Sum4((x._a + x._c) + (x._b + x._d));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes128 x) => Largest4(Vector128.Max(Vector128.Max(x._a, x._b), Vector128.Max(x._c, x._d)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum4(Vector128<float> v) => (v.GetElement(0) + v.GetElement(2)) + (v.GetElement(1) + v.GetElement(3));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Largest4(Vector128<float> v)
        => MathF.Max(MathF.Max(v.GetElement(0), v.GetElement(1)), MathF.Max(v.GetElement(2), v.GetElement(3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreBytes(Lanes128 x, sbyte* destination)
    {
        var a = Vector128.ConvertToInt32Native(Vector128.Round(x._a));
        var b = Vector128.ConvertToInt32Native(Vector128.Round(x._b));
        var c = Vector128.ConvertToInt32Native(Vector128.Round(x._c));
        var d = Vector128.ConvertToInt32Native(Vector128.Round(x._d));
        Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d)).Store(destination);
        return Vector128.Sum((a + b) + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StoreWords(Lanes128 x, short* destination)
    {
        var a = Vector128.ConvertToInt32Native(Vector128.Round(x._a));
        var b = Vector128.ConvertToInt32Native(Vector128.Round(x._b));
        var c = Vector128.ConvertToInt32Native(Vector128.Round(x._c));
        var d = Vector128.ConvertToInt32Native(Vector128.Round(x._d));
        Vector128.Narrow(a, b).Store(destination);
        Vector128.Narrow(c, d).Store(destination + 8);
        return Vector128.Sum((a + b) + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 FromBytes(Vector128<sbyte> bytes)
    {
        var (low, high) = Vector128.Widen(bytes);
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        return new(Vector128.ConvertToSingle(a), Vector128.ConvertToSingle(b), Vector128.ConvertToSingle(c), Vector128.ConvertToSingle(d));
    }
}
