namespace Hotplug.Inference.Tokenization;

/// <summary>Vocabularies that write blanks as ▁ (U+2581).</summary>
internal static class BlankPieces
{
    /// <summary>▁ in UTF-8.</summary>
    public static ReadOnlySpan<byte> Blank => "▁"u8;

    /// <summary>Text with ▁ for each blank, and on request one before it.</summary>
    public static byte[] Escape(ReadOnlySpan<byte> text, bool prefix)
    {
        var escaped = GC.AllocateUninitializedArray<byte>(checked(text.Length + (Blank.Length - 1) * text.Count((byte)' ') + (prefix ? Blank.Length : 0)));
        var rest = escaped.AsSpan();
        if (prefix) Add(Blank, ref rest);
        for (int at; (at = text.IndexOf((byte)' ')) >= 0; text = text[(at + 1)..])
        {
            Add(text[..at], ref rest);
            Add(Blank, ref rest);
        }
        Add(text, ref rest);
        return escaped;

        static void Add(ReadOnlySpan<byte> part, ref Span<byte> rest)
        {
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
    }

    /// <summary>What a token writes: a byte token its byte, a user-defined one its text, another its text with blanks for ▁.</summary>
    public static int Write(Vocabulary vocabulary, int token, Span<byte> destination)
    {
        var piece = vocabulary.Pieces[token];
        if (vocabulary.Kinds[token] == TokenKind.Byte)
        {
            if (ByteTokens.ByteOf(piece) is not { } value) return 0;
            destination[0] = value;
            return 1;
        }

        if (vocabulary.Kinds[token] == TokenKind.UserDefined) return Copy(piece, destination);
        var written = 0;
        for (int at; (at = piece.IndexOf(Blank)) >= 0; piece = piece[(at + Blank.Length)..])
        {
            written += Copy(piece[..at], destination[written..]);
            destination[written++] = (byte)' ';
        }

        return written + Copy(piece, destination[written..]);

        static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
        {
            from.CopyTo(to);
            return from.Length;
        }
    }
}
