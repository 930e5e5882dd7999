using System.Text;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MslExecutor;

/// <summary>
/// The pass over preprocessed Metal source that C++ needs: attributes are read and blanked, arrays in threadgroup memory become calls of the runtime, and kernels are
/// listed with their bindings. Nothing else is changed, and lines stay where they are.
/// </summary>
internal sealed class Translation
{
    private readonly string _source;
    private readonly List<Token> _tokens;
    private readonly StringBuilder _text;
    private readonly List<(int Start, int End, string Text)> _edits = [];
    private readonly Dictionary<string, (IReadOnlyList<KernelParameter> Parameters, int MaxThreads, int Ordinal)> _definitions = [];
    private readonly List<KernelEntry> _kernels = [];

    private Translation(string source) => (_source, _tokens, _text) = (source, Token.Cut(source), new(source));

    /// <summary>The source as C++, and its kernels.</summary>
    /// <exception cref="ShaderCompileException">The source is outside of the subset.</exception>
    public static (string Text, IReadOnlyList<KernelEntry> Kernels) Of(string source)
    {
        var translation = new Translation(source);
        translation.Pass();
        foreach (var (start, end, text) in translation._edits.OrderByDescending(edit => edit.Start))
            translation._text.Remove(start, end - start).Insert(start, text);
        return (translation._text.ToString(), translation._kernels);
    }

    private string Word(int i) => i >= 0 && i < _tokens.Count ? _source[_tokens[i].Start.._tokens[i].End] : "";

    private void Pass()
    {
        var braces = 0;
        for (var i = 0; i < _tokens.Count; i++)
        {
            var word = Word(i);
            switch (word)
            {
                case "{": braces++; break;
                case "}": braces--; break;
                case "[" when IsAttribute(i):
                    // Of a kernel they have been read, and elsewhere they do not matter here.
                    i = Blank(i);
                    break;
                case "kernel" when braces == 0: Kernel(i); break;
                case "threadgroup" when braces > 0 && Word(i - 1) is "{" or "}" or ";": Local(i); break;
                default:
                    if (_tokens[i].Kind == TokenKind.Number && IsDouble(word)) throw Refuse(i, $"{word} has no suffix: write {word}f");
                    break;
            }
        }
    }

    private static bool IsDouble(string number)
        => number.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? number.AsSpan().ContainsAny('p', 'P') && number[^1] is not ('f' or 'F' or 'h' or 'H')
            : number.AsSpan().ContainsAny('.', 'e', 'E') && number[^1] is not ('f' or 'F' or 'h' or 'H');

    private bool IsAttribute(int i) => Word(i) == "[" && Word(i + 1) == "[" && _tokens[i + 1].Start == _tokens[i].End;

    // The token behind `[[ … ]]`.
    private int AfterAttribute(int i)
    {
        for (var depth = 0; i < _tokens.Count; i++)
        {
            if (Word(i) == "[") depth++;
            else if (Word(i) == "]" && --depth == 0) return i + 1;
        }
        throw Refuse(_tokens.Count - 1, "an attribute does not end");
    }

    private int Blank(int i)
    {
        var end = AfterAttribute(i);
        for (var k = i; k < end; k++)
            if (Word(k) == "function_constant") throw Refuse(k, "function constants are outside of the subset: use a template parameter");
        _edits.Add((_tokens[i].Start, _tokens[end - 1].End, ""));
        return end - 1;
    }

    private void Kernel(int i)
    {
        // What stands before: `template [[host_name("x")]]`, `template <…>`, `[[max_total_threads_per_threadgroup(n)]]`.
        var hostName = "";
        var maxThreads = 0;
        var isTemplate = false;
        for (var k = i - 1; k >= 0 && Word(k) is not (";" or "}") && _tokens[k].Kind != TokenKind.Directive; k--)
        {
            if (Word(k) == "host_name") hostName = Word(k + 2).Trim('"');
            if (Word(k) == "max_total_threads_per_threadgroup") maxThreads = int.Parse(Word(k + 2), System.Globalization.CultureInfo.InvariantCulture);
            if (Word(k) == "template") isTemplate = Word(k + 1) == "<";
        }
        if (Word(i + 1) == "void" && Word(i + 3) == "(")
        {
            var name = Word(i + 2);
            _definitions[name] = (Parameters(i + 3), maxThreads, _definitions.Count);
            if (!isTemplate) Export(hostName.Length > 0 ? hostName : name, name, name, i);
            return;
        }
        if (Word(i + 1) != "decltype" || hostName.Length == 0)
            throw Refuse(i, "a kernel is `kernel void f(…)` or `template [[host_name(\"x\")]] kernel decltype(f<T>) f<T>;`");
        var at = i + 3;
        var depth = 1;
        while (at < _tokens.Count && depth > 0)
        {
            if (Word(at) == "(") depth++;
            if (Word(at) == ")") depth--;
            at++;
        }
        Export(hostName, Word(i + 3), _source[_tokens[i + 3].Start.._tokens[at - 1].Start], i);
    }

    private void Export(string name, string definition, string expression, int i)
    {
        if (!_definitions.TryGetValue(definition, out var found)) throw Refuse(i, $"{definition} is instantiated before its definition");
        if (_kernels.Any(kernel => kernel.Name == name)) throw Refuse(i, $"there are two kernels {name}");
        _kernels.Add(new KernelEntry(name, expression, found.Parameters, found.MaxThreads, found.Ordinal));
    }

    private List<KernelParameter> Parameters(int open)
    {
        var parameters = new List<KernelParameter>();
        var depth = 0;
        var (start, i) = (open + 1, open);
        for (; i < _tokens.Count; i++)
        {
            if (Word(i) is "(" or "<" or "[") depth++;
            if (Word(i) is ")" or ">" or "]") depth--;
            if (depth > 1 || (depth == 1 && Word(i) != ",")) continue;
            if (i > start) parameters.Add(Parameter(start, i));
            if (depth == 0) return parameters;
            start = i + 1;
        }
        throw Refuse(open, "the parameters do not end");
    }

    private KernelParameter Parameter(int start, int end)
    {
        var attribute = start;
        while (attribute < end && !IsAttribute(attribute)) attribute++;
        var name = Word(attribute - 1);
        if (attribute == end) throw Refuse(start, $"parameter {name} has no attribute that says what it is bound to");
        if (!KernelParameter.Attributes.TryGetValue(Word(attribute + 2), out var kind)) throw Refuse(attribute, $"[[{Word(attribute + 2)}]] is outside of the subset");
        var index = 0;
        if (kind is BuiltIn.Buffer or BuiltIn.Threadgroup && (!int.TryParse(Word(attribute + 4), out index) || index > 30))
            throw Refuse(attribute, $"parameter {name} has no index from 0 to 30");
        var words = Enumerable.Range(start, attribute - start).Select(Word).ToList();
        return new KernelParameter(name, kind, index, words.Contains("constant"), words.Contains("const") || words.Contains("constant"));
    }

    // `threadgroup T name[…];` in a body. A pointer or reference into threadgroup memory stays as it is.
    private void Local(int i)
    {
        var end = i;
        while (end < _tokens.Count && Word(end) is not (";" or "*" or "&" or "=" or "(")) end++;
        if (Word(end) != ";") return;
        var name = end - 1;
        for (var depth = 0; name > i; name--)
        {
            if (Word(name) == "]") depth++;
            else if (Word(name) == "[") depth--;
            else if (depth == 0) break;
        }
        var (type, extents) = (_source[_tokens[i + 1].Start.._tokens[name].Start].Trim(), _source[_tokens[name].End.._tokens[end].Start]);
        _edits.Add((_tokens[i].Start, _tokens[end].Start, $"MSL_LOCAL({_definitions.Count - 1}, {Word(name)}, {extents}, {type})"));
    }

    private ShaderCompileException Refuse(int i, string why)
    {
        // The last line marker before the token says which line of the source it is on.
        var (line, at) = (1, 0);
        for (var k = i; k >= 0; k--)
            if (_tokens[k].Kind == TokenKind.Directive && Word(k).TrimStart('#', ' ').Split(' ') is [var number, ..] && int.TryParse(number, out line))
            {
                at = _tokens[k].End + 1;
                break;
            }
        line += _source.AsSpan(Math.Min(at, _source.Length), Math.Max(0, _tokens[Math.Min(i, _tokens.Count - 1)].Start - at)).Count('\n');
        return new ShaderCompileException($"line {line}: error: {why}.");
    }
}
