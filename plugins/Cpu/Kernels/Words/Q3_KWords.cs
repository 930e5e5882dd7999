using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q3_K as words.</summary>
internal readonly unsafe struct Q3_KWords : IWordCodes
{
    public static int Parts => 8;
    public static int Bytes => 110;
    public static bool HasFactors => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part)
    {
        var low = (Vector256.Load(block + 32 + 32 * (part / 4)).AsUInt16() >> (2 * (part & 3))).AsByte() & Vector256.Create((byte)3);
        var high = ((Vector256.Load(block).AsUInt16() >> part).AsByte() & Vector256.Create((byte)1)).AsUInt16() << 2;
        return (low | high.AsByte()).AsSByte() - Vector256.Create((sbyte)4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a + 108, b + 108, c + 108, d + 108);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Factor(byte* block, int part, int half) => Q3_KRow.Scale(block + 96, 2 * part + half);
}
