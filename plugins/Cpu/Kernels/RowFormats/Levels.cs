using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>Small integers to scaled floats, sixteen or eight at once.</summary>
internal static unsafe class Levels
{
    /// <summary>y_i = scale · q_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(Vector128<sbyte> q, float scale, float* y)
    {
        var (low, high) = Vector128.Widen(q);
        Store8(low, scale, y);
        Store8(high, scale, y + 8);
    }

    /// <summary>y_i = scale · q_i − offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(Vector128<sbyte> q, float scale, float offset, float* y)
    {
        var (low, high) = Vector128.Widen(q);
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        var (s, o) = (Vector128.Create(scale), Vector128.Create(offset));
        (Vector128.ConvertToSingle(a) * s - o).Store(y);
        (Vector128.ConvertToSingle(b) * s - o).Store(y + 4);
        (Vector128.ConvertToSingle(c) * s - o).Store(y + 8);
        (Vector128.ConvertToSingle(d) * s - o).Store(y + 12);
    }

    /// <summary>y_i = scale · ±q_i for eight bytes, negative where a bit of the signs is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSigned8(ulong q, int signs, float scale, float* y)
    {
        var bit = Vector128.CreateScalar(0x8040201008040201ul).AsByte();
        var negative = Vector128.Equals(Vector128.Create((byte)signs) & bit, bit);
        Store8(Vector128.WidenLower(((Vector128.CreateScalar(q).AsByte() ^ negative) - negative).AsSByte()), scale, y);
    }

    /// <summary>y_i = scale · (q_i + shift) for eight signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShifted8(ulong q, float shift, float scale, float* y)
    {
        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(q).AsSByte()));
        var (s, o) = (Vector128.Create(scale), Vector128.Create(shift));
        (s * (Vector128.ConvertToSingle(low) + o)).Store(y);
        (s * (Vector128.ConvertToSingle(high) + o)).Store(y + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store8(Vector128<short> q, float scale, float* y)
    {
        var (low, high) = Vector128.Widen(q);
        var s = Vector128.Create(scale);
        (Vector128.ConvertToSingle(low) * s).Store(y);
        (Vector128.ConvertToSingle(high) * s).Store(y + 4);
    }
}
