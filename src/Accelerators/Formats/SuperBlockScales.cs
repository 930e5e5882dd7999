namespace Hotplug.Accelerators.Formats;

/// <summary>
/// The first sixteen bytes of a block of Q4_K and Q5_K as four words: both factors as they are; the low four bits of the scales of groups 0 to 7, group j in
/// nibble j; those of the minima; and the high two bits of the scales, group j in pair j, followed by those of the minima. So no lane has to ask in which
/// half of the block its group lies.
/// </summary>
internal static class SuperBlockScales
{
    /// <summary>Words of a block.</summary>
    public const int Words = 4;

    public static void Pack(ReadOnlySpan<byte> block, Span<uint> words)
    {
        words[0] = CodePlanes.Word(block, 0);
        uint scales = 0, minima = 0, high = 0;
        for (var j = 0; j < 4; j++)
        {
            // Groups 0 to 3 have six bits of their own; the top two bits of their bytes are those of groups 4 to 7, whose low ones share a byte.
            uint scale = block[4 + j], minimum = block[8 + j], low = block[12 + j];
            scales |= ((scale & 15) << (4 * j)) | ((low & 15) << (4 * j + 16));
            minima |= ((minimum & 15) << (4 * j)) | ((low >> 4) << (4 * j + 16));
            high |= (((scale >> 4) & 3) << (2 * j)) | ((scale >> 6) << (2 * j + 8)) | (((minimum >> 4) & 3) << (2 * j + 16)) | ((minimum >> 6) << (2 * j + 24));
        }
        (words[1], words[2], words[3]) = (scales, minima, high);
    }

    public static void Unpack(ReadOnlySpan<uint> words, Span<byte> block)
    {
        CodePlanes.SetWord(block, 0, words[0]);
        var (scales, minima, high) = (words[1], words[2], words[3]);
        for (var j = 0; j < 4; j++)
        {
            block[4 + j] = (byte)(((scales >> (4 * j)) & 15) | (((high >> (2 * j)) & 3) << 4) | (((high >> (2 * j + 8)) & 3) << 6));
            block[8 + j] = (byte)(((minima >> (4 * j)) & 15) | (((high >> (2 * j + 16)) & 3) << 4) | (((high >> (2 * j + 24)) & 3) << 6));
            block[12 + j] = (byte)(((scales >> (4 * j + 16)) & 15) | (((minima >> (4 * j + 16)) & 15) << 4));
        }
    }
}
