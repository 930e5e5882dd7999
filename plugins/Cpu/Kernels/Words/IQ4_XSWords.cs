using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>IQ4_XS as words.</summary>
internal readonly unsafe struct IQ4_XSWords : IWordCodes
{
    public static int Parts => 8;
    public static int Bytes => 136;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part) => WordCodes.Levels(block + 8 + 16 * part, Vector128.Create(Codebook.FourBitLevels));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part)
        => Halves.Four(a, b, c, d)
            * Vector128.ConvertToSingle(Vector128.Create(IQ4_XSRow.Scale(a, part), IQ4_XSRow.Scale(b, part), IQ4_XSRow.Scale(c, part), IQ4_XSRow.Scale(d, part)));
}
