using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q3_K (110 bytes per 256: third bits, 2-bit codes, packed 6-bit scales of sixteen, f16 scale) to <see cref="PanelFormat.U6"/>.</summary>
internal static unsafe class Q3_KPanel
{
    // Reads blocks × 13.75 (110 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        for (; blocks > 0; blocks -= 8, a += 110, b += 110, c += 110, d += 110)
        {
            var scale = Halves.Four(a + 108, b + 108, c + 108, d + 108);
            for (var sub = 0; sub < 8; sub++, target += PanelLines.U6Count * lane)
            {
                for (var half = 0; half < 2; half++)
                {
                    var group = 2 * sub + half;
                    Interleave.Bytes(target + 4 * half * lane, lane, Q3_KRow.Codes(a, group).AsByte(), Q3_KRow.Codes(b, group).AsByte(),
                        Q3_KRow.Codes(c, group).AsByte(), Q3_KRow.Codes(d, group).AsByte());
                }
                Vector128<int> first = Scales(a, b, c, d, 2 * sub), second = Scales(a, b, c, d, 2 * sub + 1);
                Pairs(first).Store((int*)(target + PanelLines.U6First * lane));
                Pairs(second).Store((int*)(target + PanelLines.U6Second * lane));
                (((first * -4) & Vector128.Create(0xFFFF)) | ((second * -4) << 16)).Store((int*)(target + PanelLines.U6Offset * lane));
                scale.Store((float*)(target + PanelLines.U6Scale * lane));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Scales(byte* a, byte* b, byte* c, byte* d, int group)
        => Vector128.Create(Q3_KRow.Scale(a + 96, group), Q3_KRow.Scale(b + 96, group), Q3_KRow.Scale(c + 96, group), Q3_KRow.Scale(d + 96, group));

    // The int16 pair of twice the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(Vector128<int> scales) => (scales << 16) | (scales & Vector128.Create(0xFFFF));
}
