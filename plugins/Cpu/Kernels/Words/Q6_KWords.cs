using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q6_K as words.</summary>
internal readonly unsafe struct Q6_KWords : IWordCodes
{
    public static int Parts => 8;
    public static int Bytes => 210;
    public static bool HasFactors => true;
    public static bool IsWide => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part)
    {
        // The order of the parts: see Q6_KPanel.
        var low = Vector256.Load(block + 64 * (part / 4) + 32 * (part & 1)).AsUInt16() >> (4 * ((part >> 1) & 1));
        var high = Vector256.Load(block + 128 + 32 * (part / 4)).AsUInt16() >> (2 * (part & 3));
        var codes = (low.AsByte() & Vector256.Create((byte)15)) | ((high.AsByte() & Vector256.Create((byte)3)).AsUInt16() << 4).AsByte();
        return codes.AsSByte() - Vector256.Create((sbyte)32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a + 208, b + 208, c + 208, d + 208);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Factor(byte* block, int part, int half) => ((sbyte*)block)[192 + 2 * part + half];
}
