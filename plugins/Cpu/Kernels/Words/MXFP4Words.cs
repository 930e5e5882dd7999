using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>MXFP4 as words.</summary>
internal readonly unsafe struct MXFP4Words : IWordCodes
{
    public static int Parts => 1;
    public static int Bytes => 17;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part) => WordCodes.Levels(block + 1, Vector128.Create(Codebook.Fp4Levels));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Vector128.Create(MXFP4Row.HalfOf(*a), MXFP4Row.HalfOf(*b), MXFP4Row.HalfOf(*c), MXFP4Row.HalfOf(*d));
}
