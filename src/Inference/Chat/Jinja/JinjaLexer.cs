using System.Text;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>
/// Cuts a template into tokens, with the blanks that chat templates are written for: a line end behind a block falls away (<c>trim_blocks</c>), so do blanks before one (<c>lstrip_blocks</c>),
/// and a minus takes all.
/// </summary>
internal sealed class JinjaLexer
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|"];

    private readonly string _text;
    private readonly List<JinjaToken> _tokens = [];
    private int _at, _line = 1;

    private JinjaLexer(string text) => _text = text;

    public static List<JinjaToken> Read(string template)
    {
        var text = template.Replace("\r\n", "\n", StringComparison.Ordinal);
        // One line end at the very end is that of the file.
        var lexer = new JinjaLexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.ReadTemplate();
        return lexer._tokens;
    }

    private void ReadTemplate()
    {
        var (trimStart, trimLine) = (false, false);
        while (true)
        {
            var tag = NextTag();
            var text = _text.AsSpan(_at, tag - _at);
            var line = _line;
            _line += text.Count('\n');
            if (trimStart) text = text.TrimStart();
            else if (trimLine && text.StartsWith("\n")) text = text[1..];
            if (tag == _text.Length)
            {
                Add(text.ToString(), line);
                _tokens.Add(new(JinjaTokenKind.EndOfTemplate, "", _line));
                return;
            }

            var kind = _text[tag + 1];
            var sign = tag + 2 < _text.Length ? _text[tag + 2] : ' ';
            if (sign == '-') text = text.TrimEnd();
            else if (kind != '{' && sign != '+') text = WithoutIndent(text, tag);
            Add(text.ToString(), line);
            _at = tag + (sign is '-' or '+' ? 3 : 2);
            (trimStart, trimLine) = kind == '#' ? ReadComment() : ReadTag(kind == '{');
        }
    }

    private int NextTag()
    {
        for (var at = _at; (at = _text.IndexOf('{', at)) >= 0 && at + 1 < _text.Length; at++)
            if (_text[at + 1] is '{' or '%' or '#') return at;
        return _text.Length;
    }

    private ReadOnlySpan<char> WithoutIndent(ReadOnlySpan<char> text, int tag)
    {
        var stripped = text.TrimEnd(" \t");
        return stripped.EndsWith("\n") || (stripped.IsEmpty && (tag - text.Length == 0 || _text[tag - text.Length - 1] == '\n')) ? stripped : text;
    }

    private (bool, bool) ReadComment()
    {
        var end = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw new JinjaException("a comment has no end", _line);
        _line += _text.AsSpan(_at, end - _at).Count('\n');
        var minus = end > _at && _text[end - 1] == '-';
        _at = end + 2;
        return (minus, true);
    }

    private (bool, bool) ReadTag(bool output)
    {
        var first = _tokens.Count;
        _tokens.Add(new(output ? JinjaTokenKind.BeginOutput : JinjaTokenKind.BeginBlock, output ? "{{" : "{%", _line));
        var end = output ? "}}" : "%}";
        var open = 0;
        while (true)
        {
            SkipBlanks();
            if (_at >= _text.Length) throw new JinjaException($"'{_tokens[first].Text}' has no '{end}'", _tokens[first].Line);
            var rest = _text.AsSpan(_at);
            var signed = rest[0] is '-' or '+' && rest[1..].StartsWith(end);
            if (signed || (rest.StartsWith(end) && open == 0))
            {
                _at += signed ? 3 : 2;
                _tokens.Add(new(JinjaTokenKind.End, end, _line));
                if (!output && _tokens[first + 1] is { Kind: JinjaTokenKind.Name, Text: "raw" }) return ReadRaw(first, rest[0] == '-');
                return (rest[0] == '-', !output && rest[0] != '+');
            }

            ReadToken();
            open += _tokens[^1] is { Kind: JinjaTokenKind.Operator, Text: "{" } ? 1 : _tokens[^1] is { Kind: JinjaTokenKind.Operator, Text: "}" } ? -1 : 0;
        }
    }

    private (bool, bool) ReadRaw(int first, bool trim)
    {
        _tokens.RemoveRange(first, _tokens.Count - first);
        var at = _at;
        while (true)
        {
            at = _text.IndexOf("{%", at, StringComparison.Ordinal);
            if (at < 0) throw new JinjaException("'raw' has no 'endraw'", _line);
            var close = _text.IndexOf("%}", at, StringComparison.Ordinal);
            if (close > 0 && _text[(at + 2)..close].Trim(' ', '-', '+', '\n') == "endraw")
            {
                var text = _text[_at..at];
                Add(trim ? text.TrimStart() : text, _line);
                _line += text.AsSpan().Count('\n');
                _at = close + 2;
                return (_text[close - 1] == '-', true);
            }

            at += 2;
        }
    }

    private void ReadToken()
    {
        var start = _at;
        var c = _text[_at];
        if (c is '"' or '\'') ReadString(c);
        else if (char.IsAsciiLetter(c) || c == '_')
        {
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
            _tokens.Add(new(JinjaTokenKind.Name, _text[start.._at], _line));
        }
        else if (char.IsAsciiDigit(c)) ReadNumber();
        else if (Operators.FirstOrDefault(o => _text.AsSpan(_at).StartsWith(o)) is { } operation)
        {
            _at += operation.Length;
            _tokens.Add(new(JinjaTokenKind.Operator, operation, _line));
        }
        else throw new JinjaException($"'{c}' makes no sense in a tag", _line);
    }

    private void ReadNumber()
    {
        var start = _at;
        Digits();
        var real = _at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]);
        if (real)
        {
            _at++;
            Digits();
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            real = true;
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-') _at++;
            Digits();
        }

        _tokens.Add(new(real ? JinjaTokenKind.Float : JinjaTokenKind.Integer, _text[start.._at].Replace("_", "", StringComparison.Ordinal), _line));

        void Digits()
        {
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '_')) _at++;
        }
    }

    private void ReadString(char quote)
    {
        var (text, line) = (new StringBuilder(), _line);
        for (_at++; _at < _text.Length && _text[_at] != quote; _at++)
        {
            var c = _text[_at];
            if (c == '\n') _line++;
            if (c != '\\' || _at + 1 >= _text.Length)
            {
                text.Append(c);
                continue;
            }

            switch (_text[++_at])
            {
                case 'n':
                    text.Append('\n');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case 'b':
                    text.Append('\b');
                    break;
                case 'f':
                    text.Append('\f');
                    break;
                case 'x':
                    Code(2);
                    break;
                case 'u':
                    Code(4);
                    break;
                case '\\' or '"' or '\'':
                    text.Append(_text[_at]);
                    break;
                default:
                    text.Append('\\').Append(_text[_at]);
                    break;
            }
        }

        if (_at >= _text.Length) throw new JinjaException("a string has no end", line);
        _at++;
        _tokens.Add(new(JinjaTokenKind.String, text.ToString(), line));

        void Code(int digits)
        {
            if (_at + digits >= _text.Length || !ushort.TryParse(_text.AsSpan(_at + 1, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
                throw new JinjaException("an escape lacks its hexadecimal digits", _line);
            text.Append((char)code);
            _at += digits;
        }
    }

    private void SkipBlanks()
    {
        for (; _at < _text.Length && char.IsWhiteSpace(_text[_at]); _at++)
            if (_text[_at] == '\n') _line++;
    }

    private void Add(string text, int line)
    {
        if (text.Length > 0) _tokens.Add(new(JinjaTokenKind.Text, text, line));
    }
}
