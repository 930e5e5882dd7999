using System.Globalization;

namespace Hotplug.Inference.Tokenization;

/// <summary>The tokens of a vocabulary that stand for single bytes and are named so: <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>. Immutable.</summary>
internal sealed class ByteTokens
{
    private readonly int[] _tokens = new int[256];

    /// <summary>Finds them.</summary>
    public ByteTokens(Vocabulary vocabulary)
    {
        Array.Fill(_tokens, -1);
        for (var id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] is TokenKind.Byte or TokenKind.Normal && ByteOf(vocabulary.Pieces[id]) is { } value) _tokens[value] = id;
    }

    /// <summary>The token of a byte, or −1.</summary>
    public int this[byte value] => _tokens[value];

    /// <summary>The byte that a piece of the form <c>&lt;0xNN&gt;</c> names, or null for any other text.</summary>
    public static byte? ByteOf(ReadOnlySpan<byte> piece) =>
        piece.Length == 6 && piece.StartsWith("<0x"u8) && piece[5] == '>'
        && byte.TryParse(piece[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
