using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q5_0 (22 bytes: f16 scale, 32 high bits, nibbles) to <see cref="PanelFormat.U6"/>.</summary>
internal static unsafe class Q5_0Panel
{
    // Reads blocks × 22 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var one = Vector128.Create((short)1);
        var offset = Vector128.Create((short)-16);
        for (; blocks > 0; blocks--, a += 22, b += 22, c += 22, d += 22, target += PanelLines.U6Count * lane)
        {
            uint ha = *(uint*)(a + 2), hb = *(uint*)(b + 2), hc = *(uint*)(c + 2), hd = *(uint*)(d + 2);
            Interleave.Bytes(target, lane, Low(a + 6, ha), Low(b + 6, hb), Low(c + 6, hc), Low(d + 6, hd));
            Interleave.Bytes(target + 4 * lane, lane, High(a + 6, ha), High(b + 6, hb), High(c + 6, hc), High(d + 6, hd));
            one.Store((short*)(target + PanelLines.U6First * lane));
            one.Store((short*)(target + PanelLines.U6Second * lane));
            offset.Store((short*)(target + PanelLines.U6Offset * lane));
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U6Scale * lane));
        }
    }

    // Bit i of the word becomes 16 in byte i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> FifthBits(uint word, int half)
    {
        var spread = Vector128.Shuffle(Vector128.Create(word >> (16 * half)).AsByte(), Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        var bit = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        return Vector128.Equals(spread & bit, bit) & Vector128.Create((byte)16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Low(byte* nibbles, uint bits) => (Vector128.Load(nibbles) & Vector128.Create((byte)15)) | FifthBits(bits, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> High(byte* nibbles, uint bits)
        => ((Vector128.Load(nibbles).AsUInt16() >> 4).AsByte() & Vector128.Create((byte)15)) | FifthBits(bits, 1);
}
