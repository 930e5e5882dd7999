using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>TQ1_0 (54 bytes per 256: bytes of five or four digits to the base of 3, f16 scale).</summary>
internal readonly unsafe struct TQ1_0Row : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 256, x += 54, y += 256)
        {
            var d = Halves.One(x + 52);
            Digits(x, 5, d, y, 32);
            Digits(x + 16, 5, d, y + 16, 32);
            Digits(x + 32, 5, d, y + 160, 16);
            // The last four bytes have four digits each: sixteen elements, of which a digit gives four.
            var rest = *(uint*)(x + 48);
            for (var n = 0; n < 4; n++)
                for (var i = 0; i < 4; i++)
                {
                    var number = (byte)(rest >> (8 * i));
                    y[240 + 4 * n + i] = ((number * 3 >> 8) - 1) * d;
                    rest = rest & ~(0xFFu << (8 * i)) | (uint)(byte)(number * 3) << (8 * i);
                }
        }
    }

    /// <summary>The digits of sixteen bytes, the first digit of each to y, the next to y + step …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Digits(byte* x, int digits, float d, float* y, int step)
    {
        var (low, high) = Vector128.Widen(Vector128.Load(x));
        var fraction = Vector128.Create((ushort)0xFF);
        for (var n = 0; n < digits; n++, y += step)
        {
            // The digit is the integer part of three times the fraction.
            low *= 3;
            high *= 3;
            Levels.Store16(Vector128.Narrow((low >> 8).AsInt16(), (high >> 8).AsInt16()) - Vector128<sbyte>.One, d, y);
            low &= fraction;
            high &= fraction;
        }
    }
}
