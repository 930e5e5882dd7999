using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>
/// Q2_K (84 bytes per 256: 4-bit scales and minima of sixteen, 2-bit codes, f16 scale and minimum) to <see cref="PanelFormat.U6"/>, with the minima of both sixteens in the
/// place of an offset.
/// </summary>
internal static unsafe class Q2_KPanel
{
    // Reads blocks × 10.5 (84 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        for (; blocks > 0; blocks -= 8, a += 84, b += 84, c += 84, d += 84)
        {
            var scale = Halves.Four(a + 80, b + 80, c + 80, d + 80);
            var minimum = Vector128<float>.Zero - Halves.Four(a + 82, b + 82, c + 82, d + 82);
            for (var sub = 0; sub < 8; sub++, target += PanelLines.U6Count * lane)
            {
                var (q, shift) = (16 + 32 * (sub / 4), 2 * (sub & 3));
                for (var half = 0; half < 2; half++, q += 16)
                    Interleave.Bytes(target + 4 * half * lane, lane, Codes(a + q, shift), Codes(b + q, shift), Codes(c + q, shift), Codes(d + q, shift));
                // Scale of the first sixteen in the low byte, of the second in the next; minima in the high nibbles.
                var groups = Vector128.Create(*(ushort*)(a + 2 * sub), *(ushort*)(b + 2 * sub), *(ushort*)(c + 2 * sub), (int)*(ushort*)(d + 2 * sub));
                var nibble = Vector128.Create(15);
                Vector128<int> first = groups & nibble, second = (groups >> 8) & nibble;
                (first | (first << 16)).Store((int*)(target + PanelLines.U6First * lane));
                (second | (second << 16)).Store((int*)(target + PanelLines.U6Second * lane));
                (((groups >> 4) & nibble) | (((groups >> 12) & nibble) << 16)).Store((int*)(target + PanelLines.U6Offset * lane));
                scale.Store((float*)(target + PanelLines.U6Scale * lane));
                minimum.Store((float*)(target + PanelLines.U6Minimum * lane));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Codes(byte* q, int shift) => (Vector128.Load(q).AsUInt16() >> shift).AsByte() & Vector128.Create((byte)3);
}
