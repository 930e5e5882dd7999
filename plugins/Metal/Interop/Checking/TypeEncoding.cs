using System.Text;

namespace Hotplug.Metal.Interop.Checking;

/// <summary>Reads Objective-C type encodings, with or without frame offsets.</summary>
internal static class TypeEncoding
{
    /// <summary>
    /// The types of an encoding, one string each: result, receiver, selector, arguments. Frame offsets, qualifiers (const, in, out, oneway …), names of
    /// classes, signatures of blocks and tags of structs are left out, and a boolean is <c>B</c> where Intel writes the character it is there: all
    /// that differs between compilers without a difference in how the call is made.
    /// </summary>
    /// <exception cref="FormatException">The text is no encoding.</exception>
    public static string[] Comparable(string encoding)
    {
        var types = new List<string>();
        var at = 0;
        while (at < encoding.Length)
        {
            types.Add(ReadType(encoding, ref at));
            SkipOffset(encoding, ref at);
        }
        return [.. types];
    }

    /// <summary>Whether two encodings stand for the same call.</summary>
    public static bool Same(string left, string right)
    {
        try
        {
            return Comparable(left).AsSpan().SequenceEqual(Comparable(right));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string ReadType(string text, ref int at)
    {
        while (at < text.Length && "rnNoORVA".Contains(text[at])) at++;
        if (at == text.Length) throw new FormatException($"The encoding '{text}' ends where a type should be.");
        var kind = text[at++];
        switch (kind)
        {
            case '@':
                if (at < text.Length && text[at] == '"') at = After(text, '"', at + 1);
                if (at == text.Length || text[at] != '?') return "@";
                at++;
                if (at < text.Length && text[at] == '<') SkipSignature(text, ref at);
                return "@?";
            case '^':
                return "^" + ReadType(text, ref at);
            case 'c':
                return "B";
            case '{':
                return ReadStruct(text, ref at);
            case 'v' or '#' or ':' or '*' or 'B' or 'C' or 's' or 'S' or 'i' or 'I' or 'l' or 'L' or 'q' or 'Q' or 'f' or 'd' or '?':
                return kind.ToString();
            default:
                throw new FormatException($"'{kind}' at {at - 1} of the encoding '{text}' is no type that this plugin passes.");
        }
    }

    private static string ReadStruct(string text, ref int at)
    {
        var equals = text.IndexOf('=', at);
        var close = text.IndexOf('}', at);
        if (close < 0) throw new FormatException($"A struct of the encoding '{text}' does not end.");
        if (equals < 0 || equals > close)
        {
            // A struct behind a pointer may be given by its tag alone.
            at = close + 1;
            return "{}";
        }
        at = equals + 1;
        var fields = new StringBuilder("{");
        while (true)
        {
            if (at >= text.Length) throw new FormatException($"A struct of the encoding '{text}' does not end.");
            if (text[at] == '}') break;
            fields.Append(ReadType(text, ref at));
        }
        at++;
        return fields.Append('}').ToString();
    }

    private static void SkipOffset(string text, ref int at)
    {
        if (at < text.Length && text[at] is '+' or '-') at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
    }

    private static void SkipSignature(string text, ref int at)
    {
        var depth = 0;
        do
        {
            if (at == text.Length) throw new FormatException($"The signature of a block in the encoding '{text}' does not end.");
            depth += text[at++] switch { '<' => 1, '>' => -1, _ => 0 };
        }
        while (depth != 0);
    }

    private static int After(string text, char end, int from)
    {
        var found = text.IndexOf(end, from);
        return found >= 0 ? found + 1 : throw new FormatException($"The encoding '{text}' has a name that does not end.");
    }
}
