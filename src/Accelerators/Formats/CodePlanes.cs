using System.Buffers.Binary;

namespace Hotplug.Accelerators.Formats;

/// <summary>
/// Planes of codes. In all of them byte i of a word belongs to an element whose number is i modulo 4, so that a shift and a mask give four codes of
/// neighbouring elements in the bytes of one word, as byte products want them.
/// </summary>
internal static class CodePlanes
{
    private const uint LowNibbles = 0x0F0F0F0F, HighNibbles = 0xF0F0F0F0, Ones = 0x01010101, Pairs = 0x03030303;

    /// <summary>
    /// Two words per unit, U words apart. Byte i of the first holds element i in the low nibble and 4 + i in the high one, of the second 8 + i and 12 + i.
    /// Sixteen bytes of the standard layout hold a unit in their low nibbles and another one in the high ones.
    /// </summary>
    public static void PackNibbles(ReadOnlySpan<byte> bytes, Span<uint> plane, int units, int lowUnit, int highUnit)
    {
        for (var pair = 0; pair < 2; pair++)
        {
            uint first = Word(bytes, 2 * pair), second = Word(bytes, 2 * pair + 1);
            plane[pair * units + lowUnit] = (first & LowNibbles) | ((second & LowNibbles) << 4);
            plane[pair * units + highUnit] = ((first >> 4) & LowNibbles) | (second & HighNibbles);
        }
    }

    /// <summary>The reverse of <see cref="PackNibbles"/>.</summary>
    public static void UnpackNibbles(ReadOnlySpan<uint> plane, Span<byte> bytes, int units, int lowUnit, int highUnit)
    {
        for (var pair = 0; pair < 2; pair++)
        {
            uint low = plane[pair * units + lowUnit], high = plane[pair * units + highUnit];
            SetWord(bytes, 2 * pair, (low & LowNibbles) | ((high & LowNibbles) << 4));
            SetWord(bytes, 2 * pair + 1, ((low >> 4) & LowNibbles) | (high & HighNibbles));
        }
    }

    /// <summary>
    /// Fifth bits of 32 elements, bit n that of element n, as one word for two units: bit j of byte i is that of element 4·j + i, so words 0 to 3 of the first
    /// unit take bits 0 to 3 of each byte, those of the second one bits 4 to 7.
    /// </summary>
    public static uint PackBits(uint bits)
    {
        var word = 0u;
        for (var i = 0; i < 4; i++)
        {
            var every4th = (bits >> i) & 0x11111111;
            every4th = (every4th | (every4th >> 3)) & 0x03030303;
            every4th = (every4th | (every4th >> 6)) & 0x000F000F;
            word |= ((every4th | (every4th >> 12)) & 0xFF) << (8 * i);
        }
        return word;
    }

    /// <summary>The reverse of <see cref="PackBits(uint)"/>.</summary>
    public static uint UnpackBits(uint word)
    {
        var bits = 0u;
        for (var i = 0; i < 4; i++)
        {
            var run = (word >> (8 * i)) & 0xFF;
            run = (run | (run << 12)) & 0x000F000F;
            run = (run | (run << 6)) & 0x03030303;
            bits |= ((run | (run << 3)) & 0x11111111) << i;
        }
        return bits;
    }

    /// <summary>
    /// Bit <paramref name="group"/> of 32 bytes, byte n that of element n of the group, as one word in the order of <see cref="PackBits(uint)"/>.
    /// </summary>
    public static uint PackBits(ReadOnlySpan<byte> bytes, int group)
    {
        var word = 0u;
        for (var j = 0; j < 8; j++) word |= ((Word(bytes, j) >> group) & Ones) << j;
        return word;
    }

    /// <summary>The reverse of <see cref="PackBits(ReadOnlySpan{byte}, int)"/> for all eight groups.</summary>
    public static void UnpackBits(ReadOnlySpan<uint> groups, Span<byte> bytes)
    {
        for (var j = 0; j < 8; j++)
        {
            var word = 0u;
            for (var group = 0; group < 8; group++) word |= ((groups[group] >> j) & Ones) << group;
            SetWord(bytes, j, word);
        }
    }

    /// <summary>
    /// Bit pair <paramref name="quarter"/> of sixteen bytes, byte n that of element n of a unit, as one word: bits 2j and 2j + 1 of byte i are those of
    /// element 4·j + i.
    /// </summary>
    public static uint PackPairs(ReadOnlySpan<byte> bytes, int quarter)
    {
        var word = 0u;
        for (var j = 0; j < 4; j++) word |= ((Word(bytes, j) >> (2 * quarter)) & Pairs) << (2 * j);
        return word;
    }

    /// <summary>The reverse of <see cref="PackPairs"/>: the words of the four quarters lie <paramref name="stride"/> apart.</summary>
    public static void UnpackPairs(ReadOnlySpan<uint> quarters, int stride, Span<byte> bytes)
    {
        for (var j = 0; j < 4; j++)
        {
            var word = 0u;
            for (var quarter = 0; quarter < 4; quarter++) word |= ((quarters[quarter * stride] >> (2 * j)) & Pairs) << (2 * quarter);
            SetWord(bytes, j, word);
        }
    }

    /// <summary>Word <paramref name="index"/> of bytes.</summary>
    public static uint Word(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * index)..]);

    /// <summary>Sets word <paramref name="index"/> of bytes.</summary>
    public static void SetWord(Span<byte> bytes, int index, uint word) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * index)..], word);
}
