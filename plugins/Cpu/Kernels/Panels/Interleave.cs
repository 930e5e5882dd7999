using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>
/// Writes codes of four rows into a panel: from 16 bytes per row to four lines of 16 bytes, line j holding bytes 4j to 4j + 3 of each row.
/// Lines are <c>lane</c> bytes apart.
/// </summary>
internal static unsafe class Interleave
{
    /// <summary>Writes 4 × 16 codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bytes(byte* target, nint lane, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d)
    {
        var ab0 = ZipLow(a, b);
        var ab1 = ZipHigh(a, b);
        var cd0 = ZipLow(c, d);
        var cd1 = ZipHigh(c, d);
        ZipLow64(ab0, cd0).Store(target);
        ZipHigh64(ab0, cd0).Store(target + lane);
        ZipLow64(ab1, cd1).Store(target + 2 * lane);
        ZipHigh64(ab1, cd1).Store(target + 3 * lane);
    }

    /// <summary>Writes the low nibbles at <paramref name="low"/> and the high nibbles at <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles(byte* low, byte* high, nint lane, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d)
    {
        var mask = Vector128.Create((byte)15);
        var ab0 = ZipLow(a, b);
        var ab1 = ZipHigh(a, b);
        var cd0 = ZipLow(c, d);
        var cd1 = ZipHigh(c, d);
        var t0 = ZipLow64(ab0, cd0);
        var t1 = ZipHigh64(ab0, cd0);
        var t2 = ZipLow64(ab1, cd1);
        var t3 = ZipHigh64(ab1, cd1);
        (t0 & mask).Store(low);
        (t1 & mask).Store(low + lane);
        (t2 & mask).Store(low + 2 * lane);
        (t3 & mask).Store(low + 3 * lane);
        ((t0.AsUInt16() >> 4).AsByte() & mask).Store(high);
        ((t1.AsUInt16() >> 4).AsByte() & mask).Store(high + lane);
        ((t2.AsUInt16() >> 4).AsByte() & mask).Store(high + 2 * lane);
        ((t3.AsUInt16() >> 4).AsByte() & mask).Store(high + 3 * lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipLow(Vector128<byte> a, Vector128<byte> b)
        => Sse2.IsSupported ? Sse2.UnpackLow(a.AsUInt32(), b.AsUInt32())
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a.AsUInt32(), b.AsUInt32())
            : Vector128.Create(a.AsUInt32().GetElement(0), b.AsUInt32().GetElement(0), a.AsUInt32().GetElement(1), b.AsUInt32().GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipHigh(Vector128<byte> a, Vector128<byte> b)
        => Sse2.IsSupported ? Sse2.UnpackHigh(a.AsUInt32(), b.AsUInt32())
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a.AsUInt32(), b.AsUInt32())
            : Vector128.Create(a.AsUInt32().GetElement(2), b.AsUInt32().GetElement(2), a.AsUInt32().GetElement(3), b.AsUInt32().GetElement(3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ZipLow64(Vector128<uint> a, Vector128<uint> b)
        => Sse2.IsSupported ? Sse2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsByte() : Vector128.Create(a.AsUInt64().GetLower(), b.AsUInt64().GetLower()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ZipHigh64(Vector128<uint> a, Vector128<uint> b)
        => Sse2.IsSupported ? Sse2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsByte() : Vector128.Create(a.AsUInt64().GetUpper(), b.AsUInt64().GetUpper()).AsByte();
}
