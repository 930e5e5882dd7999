using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Grammars;

/// <summary>
/// Reads GBNF, the grammars of llama.cpp: <c>name ::= alternatives</c>, with "literals", [classes], . for any character, (groups), | and the repetitions * + ? {m} {m,} {m,n}; # begins a
/// comment. A rule ends with its line, unless a parenthesis is open or the next line begins with |. The text is that of the rule <c>root</c>.
/// </summary>
internal sealed class GbnfParser
{
    private readonly string _text;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _names = [];
    private readonly List<Expression?> _bodies = [];
    private readonly List<int> _firstUse = [];
    private int _at, _depth;

    private GbnfParser(string text) => _text = text;

    /// <summary>Reads a grammar.</summary>
    /// <exception cref="GrammarException">It is malformed.</exception>
    public static GrammarRules Parse(string text)
    {
        if (text.Length > GrammarLimits.TextLength) throw new GrammarException($"The grammar has {text.Length} characters; at most {GrammarLimits.TextLength} are read.");
        return new GbnfParser(text).Rules();
    }

    private GrammarRules Rules()
    {
        for (Skip(lines: true); _at < _text.Length; Skip(lines: true)) ReadRule();
        for (var rule = 0; rule < _names.Count; rule++)
            if (_bodies[rule] is null) throw Wrong($"there is no rule '{_names[rule]}'", _firstUse[rule]);
        if (!_numbers.TryGetValue("root", out var root)) throw new GrammarException("The grammar has no rule 'root', which is the whole text. Write root ::= …");
        return new(_names, _bodies!, root);
    }

    private void ReadRule()
    {
        var start = _at;
        var rule = Number(Name(), start);
        Skip(lines: false);
        if (!_text.AsSpan(_at).StartsWith("::=")) throw Wrong("::= is missing behind the name of a rule");
        _at += 3;
        Skip(lines: true);
        if (_bodies[rule] is not null) throw Wrong($"rule '{_names[rule]}' is there twice", start);
        _bodies[rule] = Alternatives(nested: false);
        if (_at < _text.Length && _text[_at] is not ('\n' or '\r')) throw Wrong($"'{_text[_at]}' makes no sense here");
    }

    private Expression Alternatives(bool nested)
    {
        if (++_depth > GrammarLimits.Nesting) throw Wrong($"parentheses nest deeper than {GrammarLimits.Nesting}");
        var alternatives = new List<Expression> { Sequence(nested) };
        while (AtBar(nested))
        {
            _at++;
            Skip(lines: true);
            alternatives.Add(Sequence(nested));
        }

        _depth--;
        return alternatives is [var only] ? only : new Expression.Choice(alternatives);
    }

    // A bar at the beginning of the next line goes on with the rule.
    private bool AtBar(bool nested)
    {
        var here = _at;
        Skip(lines: true);
        if (_at < _text.Length && _text[_at] == '|') return true;
        if (!nested) _at = here;
        return false;
    }

    private Expression Sequence(bool nested)
    {
        var items = new List<Expression>();
        for (Skip(nested); _at < _text.Length && _text[_at] is not ('|' or ')' or '\n' or '\r'); Skip(nested)) items.Add(Repeated(Item(items)));
        return items is [var only] ? only : new Expression.Sequence(items);
    }

    private Expression Item(List<Expression> before)
    {
        switch (_text[_at])
        {
            case '"':
                return Literal();
            case '[':
                return Class();
            case '.':
                _at++;
                return new Expression.Characters([(0, CharacterRanges.Last)]);
            case '(':
                var open = _at++;
                Skip(lines: true);
                var group = Alternatives(nested: true);
                if (_at >= _text.Length || _text[_at] != ')') throw Wrong("this parenthesis is not closed", open);
                _at++;
                return group;
            case '*' or '+' or '?' or '{':
                throw Wrong(before.Count == 0 ? $"'{_text[_at]}' has nothing in front that it repeats" : $"'{_text[_at]}' follows a repetition; put that in parentheses");
            default:
                var start = _at;
                return new Expression.Rule(Number(Name(), start));
        }
    }

    private Expression Repeated(Expression item)
    {
        Skip(lines: false);
        if (_at >= _text.Length) return item;
        switch (_text[_at])
        {
            case '*':
                _at++;
                return new Expression.Repeat(item, 0, null);
            case '+':
                _at++;
                return new Expression.Repeat(item, 1, null);
            case '?':
                _at++;
                return new Expression.Repeat(item, 0, 1);
            case '{':
                return Counted(item);
            default:
                return item;
        }
    }

    private Expression.Repeat Counted(Expression item)
    {
        var start = _at++;
        var least = Count();
        var most = least;
        Skip(lines: false);
        if (_at < _text.Length && _text[_at] == ',')
        {
            _at++;
            most = Count();
            least ??= 0;
        }

        Skip(lines: false);
        if (least is null || _at >= _text.Length || _text[_at] != '}') throw Wrong("a repetition is {m}, {m,}, {,n} or {m,n}", start);
        _at++;
        if (most < least) throw Wrong($"{least} times at least and {most} at most is never", start);
        return new(item, least.Value, most);
    }

    private int? Count()
    {
        Skip(lines: false);
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at == start) return null;
        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= GrammarLimits.Repetition
            ? count
            : throw Wrong($"a repetition counts to {GrammarLimits.Repetition} at most", start);
    }

    private Expression Literal()
    {
        var open = _at++;
        var items = new List<Expression>();
        while (_at < _text.Length && _text[_at] != '"')
        {
            var character = Character(open);
            items.Add(new Expression.Characters([(character, character)]));
        }

        if (_at >= _text.Length) throw Wrong("this text has no end", open);
        _at++;
        return items is [var only] ? only : new Expression.Sequence(items);
    }

    private Expression.Characters Class()
    {
        var open = _at++;
        var negated = _at < _text.Length && _text[_at] == '^';
        if (negated) _at++;
        var ranges = new List<(int, int)>();
        while (_at < _text.Length && _text[_at] != ']')
        {
            var low = Character(open);
            var high = low;
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                high = Character(open);
            }

            if (high < low) throw Wrong($"the range U+{low:X4} to U+{high:X4} goes backwards", open);
            ranges.Add((low, high));
        }

        if (_at >= _text.Length) throw Wrong("this class has no end", open);
        _at++;
        var normal = negated ? CharacterRanges.Complement(ranges) : CharacterRanges.Normalise(ranges);
        return normal.Count > 0 ? new(normal) : throw Wrong("this class has no characters", open);
    }

    private int Character(int open)
    {
        if (_text[_at] != '\\')
        {
            if (!Rune.TryGetRuneAt(_text, _at, out var rune)) throw Wrong("half a surrogate pair is no character");
            _at += rune.Utf16SequenceLength;
            return rune.Value;
        }

        if (_at + 1 >= _text.Length) throw Wrong("this has no end", open);
        var escape = _text[_at + 1];
        _at += 2;
        return escape switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '-' or '^' or '/' or '\'' => escape,
            _ => throw Wrong($"there is no escape \\{escape}; there are \\n \\r \\t \\\\ \\\" \\[ \\] \\xHH \\uHHHH \\UHHHHHHHH", _at - 2),
        };
    }

    private int Hex(int digits)
    {
        if (_at + digits > _text.Length || !uint.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > CharacterRanges.Last)
            throw Wrong($"{digits} hexadecimal digits of a character are missing");
        _at += digits;
        return (int)value;
    }

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_')) _at++;
        return _at > start ? _text[start.._at] : throw Wrong($"'{_text[_at]}' is neither a text, a class, a group nor the name of a rule");
    }

    private int Number(string name, int at)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        _numbers.Add(name, number = _names.Count);
        _names.Add(name);
        _bodies.Add(null);
        _firstUse.Add(at);
        return number;
    }

    private void Skip(bool lines)
    {
        for (; _at < _text.Length; _at++)
            if (_text[_at] == '#')
            {
                while (_at < _text.Length && _text[_at] is not ('\n' or '\r')) _at++;
                _at--;
            }
            else if (!(_text[_at] is ' ' or '\t' || (lines && _text[_at] is '\n' or '\r'))) break;
    }

    private GrammarException Wrong(string problem, int? at = null)
    {
        var before = _text.AsSpan(0, Math.Min(at ?? _at, _text.Length));
        return new($"The grammar is wrong in line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}: {problem}.");
    }
}
