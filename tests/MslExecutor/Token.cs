namespace Hotplug.MslExecutor;

/// <summary>What a piece of source text is.</summary>
internal enum TokenKind { Word, Number, Text, Mark, Directive }

/// <summary>A piece of source text, by its place.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End)
{
    /// <summary>Cuts preprocessed source into tokens; white space falls away.</summary>
    public static List<Token> Cut(string source)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < source.Length;)
        {
            var start = i;
            var c = source[i];
            if (char.IsWhiteSpace(c)) { i++; continue; }
            TokenKind kind;
            if (c == '#')
            {
                while (i < source.Length && source[i] != '\n') i++;
                kind = TokenKind.Directive;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                while (i < source.Length && (char.IsAsciiLetterOrDigit(source[i]) || source[i] == '_')) i++;
                kind = TokenKind.Word;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && i + 1 < source.Length && char.IsAsciiDigit(source[i + 1])))
            {
                while (i < source.Length && (char.IsAsciiLetterOrDigit(source[i]) || source[i] is '.' or '\''
                    || (source[i] is '+' or '-' && source[i - 1] is 'e' or 'E' or 'p' or 'P' && IsExponent(source, start, i)))) i++;
                kind = TokenKind.Number;
            }
            else if (c is '"' or '\'')
            {
                for (i++; i < source.Length && source[i] != c; i++)
                    if (source[i] == '\\') i++;
                i = Math.Min(i + 1, source.Length);
                kind = TokenKind.Text;
            }
            else
            {
                i++;
                kind = TokenKind.Mark;
            }
            tokens.Add(new Token(kind, start, i));
        }
        return tokens;
    }

    // In a hexadecimal number e is a digit.
    private static bool IsExponent(string source, int start, int at)
        => !source.AsSpan(start, at - start).StartsWith("0x", StringComparison.OrdinalIgnoreCase) || source[at - 1] is 'p' or 'P';
}
