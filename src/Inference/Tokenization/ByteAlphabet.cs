using System.Runtime.CompilerServices;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// The spelling of bytes in byte-level vocabularies (Radford et al. 2019, GPT-2): printable Latin-1 characters stand for themselves,
/// the other 68 bytes are U+0100 and following in order, so that a blank is Ġ.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100, Substitutes = 68;

    private static readonly char[] Characters = Build();
    private static readonly byte[] Bytes = Invert(Characters);

    /// <summary>Spells one byte in 1 or 2 bytes of UTF-8; returns how many.</summary>
    public static int Write(byte value, Span<byte> destination) => new Rune(Characters[value]).EncodeToUtf8(destination);

    /// <summary>
    /// The bytes that a piece spells, never more than it has itself; characters outside the alphabet stand for their own UTF-8 bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(ReadOnlySpan<byte> piece, Span<byte> destination)
    {
        var written = 0;
        for (var at = 0; at < piece.Length;)
        {
            // ASCII stands for itself, and the rest of the alphabet takes two bytes.
            if (piece[at] >= 0x80 && at + 1 < piece.Length && (piece[at] & 0xE0) == 0xC0 && (piece[at + 1] & 0xC0) == 0x80
                && TryRead((piece[at] & 0x1F) << 6 | piece[at + 1] & 0x3F, out var value))
            {
                destination[written++] = value;
                at += 2;
            }
            else destination[written++] = piece[at++];
        }

        return written;
    }

    private static bool TryRead(int character, out byte value)
    {
        value = character < Bytes.Length ? Bytes[character] : (byte)0;
        return character < Bytes.Length && Characters[value] == character;
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var substitute = FirstSubstitute;
        for (var value = 0; value < characters.Length; value++)
            characters[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : (char)substitute++;
        return characters;
    }

    private static byte[] Invert(char[] characters)
    {
        var bytes = new byte[FirstSubstitute + Substitutes];
        for (var value = 0; value < characters.Length; value++) bytes[characters[value]] = (byte)value;
        return bytes;
    }
}
