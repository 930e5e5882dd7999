using System.Buffers.Binary;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// The normalisation that a Unigram vocabulary carries (<c>precompiled_charsmap</c> of SentencePiece): texts and what replaces them, found by a double array whose entries are
/// XORed with the byte that leads to them (Kanda 2018), behind it the replacements, each ended by a zero. Immutable. Every step is checked, because files may hold anything.
/// </summary>
internal sealed class CharacterMap
{
    private readonly byte[] _bytes;
    private readonly int _units, _replacements;

    private CharacterMap(byte[] bytes, int units) => (_bytes, _units, _replacements) = (bytes, units, sizeof(uint) + units * sizeof(uint));

    /// <summary>Reads a map, or returns null if the array is larger than the whole.</summary>
    public static CharacterMap? TryRead(byte[] bytes)
    {
        if (bytes.Length < sizeof(uint)) return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return size % sizeof(uint) == 0 && size < bytes.Length - sizeof(uint) ? new(bytes, (int)(size / sizeof(uint))) : null;
    }

    /// <summary>What replaces the longest beginning of <paramref name="text"/> that is in the map, and how long that is; 0 if none is.</summary>
    public ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        var replacement = 0u;
        if (!TryUnit(0, out var unit)) return default;
        var node = Base(unit);
        for (var at = 0; at < text.Length && text[at] != 0; at++)
        {
            node ^= text[at];
            // The entry belongs to the path if it names the byte, and is no value.
            if (!TryUnit(node, out unit) || (unit & 0x8000_00FF) != text[at]) break;
            var ends = (unit >> 8 & 1) != 0;
            node ^= Base(unit);
            if (!ends) continue;
            if (!TryUnit(node, out unit)) break;
            length = at + 1;
            replacement = unit & 0x7FFF_FFFF;
        }

        if (length == 0) return default;
        var rest = replacement < _bytes.Length - _replacements ? _bytes.AsSpan(_replacements + (int)replacement) : default;
        var end = rest.IndexOf((byte)0);
        if (end >= 0) return rest[..end];
        length = 0;
        return default;
    }

    private static uint Base(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private bool TryUnit(uint index, out uint unit)
    {
        unit = index < _units ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(sizeof(uint) + (int)index * sizeof(uint))) : 0;
        return index < _units;
    }
}
