namespace Hotplug.Inference.Quantization.Rows;

/// <summary>256 codes of two bits in 64 bytes: of 128 elements each byte holds four, 32 apart.</summary>
internal static class TwoBitPlanes
{
    /// <summary>Packs the low two bits of the codes.</summary>
    public static void Pack(ReadOnlySpan<byte> codes, Span<byte> packed)
    {
        packed[..64].Clear();
        for (var i = 0; i < 256; i++) packed[i / 128 * 32 + i % 32] |= (byte)((codes[i] & 3) << i % 128 / 32 * 2);
    }
}
