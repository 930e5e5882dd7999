using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>The codebooks by address: pinned arrays that live as long as the plugin.</summary>
internal static unsafe class Grids
{
    public static readonly ulong* Iq2Xxs = (ulong*)Address(Codebook.Iq2Xxs);
    public static readonly ulong* Iq2Xs = (ulong*)Address(Codebook.Iq2Xs);
    public static readonly ulong* Iq2S = (ulong*)Address(Codebook.Iq2S);
    public static readonly uint* Iq3Xxs = (uint*)Address(Codebook.Iq3Xxs);
    public static readonly uint* Iq3S = (uint*)Address(Codebook.Iq3S);
    public static readonly ulong* Iq1 = (ulong*)Address(Codebook.Iq1);

    private static sbyte* Address(sbyte[] table) => (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(table));
}
