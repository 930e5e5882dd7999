using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Nibbles that number signed levels to the codes of <see cref="PanelFormat.U8"/>.</summary>
internal static unsafe class LevelPanel
{
    /// <summary>Writes the codes of 32 elements of four rows, from sixteen bytes each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, nint lane, Vector128<sbyte> levels, byte* a, byte* b, byte* c, byte* d)
    {
        Vector128<byte> qa = Vector128.Load(a), qb = Vector128.Load(b), qc = Vector128.Load(c), qd = Vector128.Load(d);
        Interleave.Nibbles(target, target + PanelLines.U8High * lane, lane, Low(levels, qa), Low(levels, qb), Low(levels, qc), Low(levels, qd));
        Interleave.Nibbles(target + 4 * lane, target + (PanelLines.U8High + 4) * lane, lane, High(levels, qa), High(levels, qb), High(levels, qc), High(levels, qd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<sbyte> levels, Vector128<byte> nibbles)
        => Vector128.Shuffle(levels, (nibbles & Vector128.Create((byte)15)).AsSByte()).AsByte() ^ Vector128.Create((byte)128);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<sbyte> levels, Vector128<byte> nibbles) => Low(levels, (nibbles.AsUInt16() >> 4).AsByte());
}
