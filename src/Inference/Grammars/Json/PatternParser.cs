using System.Globalization;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>
/// Turns a regular expression into what a JSON string that matches it looks like: characters, classes, groups, alternatives, repetitions, and anchors at the ends. What else there is
/// (look-around, back references, word boundaries) is refused by name.
/// </summary>
internal sealed class PatternParser
{
    private static readonly (int, int)[] Digit = [('0', '9')], Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], Space = [(' ', ' '), (0xA0, 0xA0)];

    private readonly string _pattern, _path;
    private int _at, _depth;

    private PatternParser(string pattern, string path) => (_pattern, _path) = (pattern, path);

    /// <summary>Converts a pattern to an expression of the grammar.</summary>
    public static string Convert(string pattern, string path)
    {
        var parser = new PatternParser(pattern, path);
        var result = parser.Alternatives(top: true);
        return parser._at == pattern.Length ? result : throw parser.Wrong("a parenthesis is not opened");
    }

    private string Alternatives(bool top)
    {
        if (++_depth > GrammarLimits.Nesting) throw Wrong("groups nest too deep");
        var alternatives = new List<string> { Sequence(top) };
        for (; _at < _pattern.Length && _pattern[_at] == '|'; alternatives.Add(Sequence(top))) _at++;
        _depth--;
        return GbnfText.OneOf(alternatives);
    }

    private string Sequence(bool top)
    {
        var items = new List<string>();
        // A pattern is looked for anywhere in the text.
        if (top && !Take('^')) items.Add("char*");
        var anchored = false;
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            if (top && _pattern[_at] == '$' && (_at + 1 == _pattern.Length || _pattern[_at + 1] == '|'))
            {
                _at++;
                anchored = true;
                break;
            }

            items.Add(Repeated(Atom()));
        }

        if (top && !anchored) items.Add("char*");
        return items.Count == 0 ? "\"\"" : string.Join(' ', items);
    }

    private string Atom()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '(':
                if (Take('?') && !Take(':') && !(Take('<') && TakeName())) throw Wrong("groups of this kind are not supported");
                var group = Alternatives(top: false);
                return Take(')') ? $"({group})" : throw Wrong("a parenthesis is not closed");
            case '[':
                return Class();
            case '.':
                return Of(CharacterRanges.Complement([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]));
            case '\\':
                return Of(Escape(inClass: false));
            case '^' or '$':
                throw Wrong($"'{c}' stands where it is no end of the pattern");
            case '*' or '+' or '?' or '{':
                throw Wrong($"'{c}' has nothing in front that it repeats");
            default:
                _at--;
                return Of([Rune()]);
        }
    }

    private string Repeated(string item)
    {
        if (_at >= _pattern.Length) return item;
        string result;
        switch (_pattern[_at])
        {
            case '*':
                (result, _at) = (GbnfText.Repeat(item, 0, null), _at + 1);
                break;
            case '+':
                (result, _at) = (GbnfText.Repeat(item, 1, null), _at + 1);
                break;
            case '?':
                (result, _at) = (GbnfText.Repeat(item, 0, 1), _at + 1);
                break;
            case '{':
                var close = _pattern.IndexOf('}', _at);
                var parts = close < 0 ? [] : _pattern[(_at + 1)..close].Split(',');
                if (parts.Length is not (1 or 2) || !Number(parts[0], out var least)) throw Wrong("a repetition is {m}, {m,} or {m,n}");
                int? most = parts.Length == 1 ? least : parts[1].Length == 0 ? null : Number(parts[1], out var n) && n >= least ? n : throw Wrong("a repetition is {m}, {m,} or {m,n}");
                (result, _at) = (GbnfText.Repeat(item, least, most), close + 1);
                break;
            default:
                return item;
        }

        // Lazy or not, the texts are the same.
        Take('?');
        return result;

        static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= GrammarLimits.Repetition;
    }

    private string Class()
    {
        var negated = Take('^');
        var ranges = new List<(int Low, int High)>();
        while (!Take(']'))
        {
            if (_at >= _pattern.Length) throw Wrong("a class is not closed");
            var part = Take('\\') ? Escape(inClass: true) : [Rune()];
            if (part is [var (low, single)] && low == single && _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                var end = Take('\\') ? Escape(inClass: true) : [Rune()];
                if (end is not [var (high, other)] || high != other || high < low) throw Wrong("a range of a class makes no sense");
                part = [(low, high)];
            }

            ranges.AddRange(part);
        }

        return Of(negated ? CharacterRanges.Complement(ranges) : ranges);
    }

    private IReadOnlyList<(int Low, int High)> Escape(bool inClass)
    {
        if (_at >= _pattern.Length) throw Wrong("it ends within an escape");
        var c = _pattern[_at++];
        return c switch
        {
            'd' => Digit,
            'w' => Word,
            's' => Space,
            'D' => CharacterRanges.Complement(Digit),
            'W' => CharacterRanges.Complement(Word),
            // All that may be a space, not only what is written for one.
            'S' => CharacterRanges.Complement([(0, ' '), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]),
            'n' => [('\n', '\n')],
            't' => [('\t', '\t')],
            'r' => [('\r', '\r')],
            'f' => [('\f', '\f')],
            'x' => [Hex(2)],
            'u' => [Hex(4)],
            'b' when inClass => [('\b', '\b')],
            _ when char.IsAsciiLetterOrDigit(c) => throw Wrong($"\\{c} is not supported"),
            _ => [(c, c)],
        };
    }

    private (int, int) Hex(int digits)
    {
        if (_at + digits > _pattern.Length || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Wrong($"{digits} hexadecimal digits are missing");
        _at += digits;
        return (value, value);
    }

    private (int, int) Rune()
    {
        if (!System.Text.Rune.TryGetRuneAt(_pattern, _at, out var rune)) throw Wrong("half a surrogate pair is no character");
        _at += rune.Utf16SequenceLength;
        return (rune.Value, rune.Value);
    }

    private bool Take(char c)
    {
        if (_at >= _pattern.Length || _pattern[_at] != c) return false;
        _at++;
        return true;
    }

    private bool TakeName()
    {
        while (_at < _pattern.Length && (char.IsAsciiLetterOrDigit(_pattern[_at]) || _pattern[_at] == '_')) _at++;
        return Take('>');
    }

    // As a JSON string has them: most as they are, some behind a backslash.
    private string Of(IReadOnlyList<(int Low, int High)> ranges)
    {
        var normal = CharacterRanges.Normalise(ranges);
        var plain = CharacterRanges.Complement(CharacterRanges.Complement(normal).Concat(CharacterRanges.Complement(JsonRules.Plain)));
        var alternatives = plain.Count == 0 ? [] : new List<string> { GbnfText.Class(plain) };
        foreach (var (character, escape) in ((char, char)[])[('"', '"'), ('\\', '\\'), ('\n', 'n'), ('\t', 't'), ('\r', 'r'), ('\f', 'f'), ('\b', 'b')])
            if (normal.Any(r => character >= r.Low && character <= r.High)) alternatives.Add(GbnfText.Literal($"\\{escape}"));
        return alternatives.Count > 0 ? GbnfText.OneOf(alternatives) : throw Wrong("it asks for a character that is not written in JSON");
    }

    private GrammarException Wrong(string problem) => SchemaError.At(_path, $"the pattern '{_pattern}' at {_at}: {problem}", "Use a simpler pattern");
}
