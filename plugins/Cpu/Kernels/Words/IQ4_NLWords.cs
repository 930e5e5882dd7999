using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>IQ4_NL as words.</summary>
internal readonly unsafe struct IQ4_NLWords : IWordCodes
{
    public static int Parts => 1;
    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part) => WordCodes.Levels(block + 2, Vector128.Create(Codebook.FourBitLevels));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a, b, c, d);
}
