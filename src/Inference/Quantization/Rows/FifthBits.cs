using System.Buffers.Binary;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>The codes of the 5-bit types: 32 fifth bits, then the nibbles, the first half of the elements low and the second high.</summary>
internal static class FifthBits
{
    /// <summary>Packs 32 codes into 4 + 16 bytes.</summary>
    public static void Pack(ReadOnlySpan<byte> codes, Span<byte> packed)
    {
        var high = 0u;
        for (var i = 0; i < 32; i++) high |= (uint)(codes[i] >> 4 & 1) << i;
        BinaryPrimitives.WriteUInt32LittleEndian(packed, high);
        for (var i = 0; i < 16; i++) packed[4 + i] = (byte)(codes[i] & 15 | codes[i + 16] << 4);
    }
}
