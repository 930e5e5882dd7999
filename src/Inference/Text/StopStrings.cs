using System.Text;

namespace Hotplug.Inference.Text;

/// <summary>
/// Looks for stop strings in text that comes piece by piece, and holds back just what may be the beginning of one. The string that is
/// complete first ends the text; of several complete at once, the longest. The result is the same however the text is cut.
/// A search automaton after Aho and Corasick (1975): time linear in the text whatever the strings. Allocates only while its buffer grows.
/// One thread at a time.
/// </summary>
public sealed class StopStrings
{
    private const int Root = 0;

    private readonly List<Node> _nodes = [new()];
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private char[] _buffer = new char[64];
    private int _given, _length, _state;

    /// <summary>Prepares to look for <paramref name="stops"/>; none will do, then all text passes.</summary>
    /// <exception cref="ArgumentException">A string is empty or has half a surrogate pair.</exception>
    public StopStrings(params IEnumerable<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        foreach (var stop in stops) Add(stop);
        LinkSuffixes();
    }

    /// <summary>The stop string that ended the text, or null.</summary>
    public string? Match { get; private set; }

    /// <summary>What is held back, since it may be the beginning of a stop string. Valid until the next call.</summary>
    public ReadOnlySpan<char> Held => Match is null ? _buffer.AsSpan(_given.._length) : default;

    /// <summary>
    /// Takes text in, whole characters at a time, and gives what is certain to lie before any stop string; nothing after a match.
    /// The span is valid until the next call.
    /// </summary>
    public ReadOnlySpan<char> Append(ReadOnlySpan<char> text)
    {
        if (Match is not null) return default;
        Hold(text);
        for (var at = _length - text.Length; at < _length; at++)
        {
            _state = Next(_state, _buffer[at]);
            if (_nodes[_state].Stop is not { } stop) continue;
            Match = stop;
            _length = _given = at + 1 - stop.Length;
            return _buffer.AsSpan(0, _given);
        }

        // The longest end of the text that begins a stop string is as long as the state is deep.
        _given = _length - _nodes[_state].Depth;
        return _buffer.AsSpan(0, _given);
    }

    /// <summary>Ends the text: gives what was held back, nothing after a match. The span is valid until the next call.</summary>
    public ReadOnlySpan<char> Flush()
    {
        var held = _buffer.AsSpan(_given.._length);
        _state = Root;
        _given = _length;
        return held;
    }

    /// <summary>Forgets text and match, to begin a new text.</summary>
    public void Reset()
    {
        (_given, _length, _state) = (0, 0, Root);
        Match = null;
    }

    /// <summary>Says what is wrong with strings, one sentence per string; nothing if they can be looked for.</summary>
    public static IEnumerable<string> Problems(IEnumerable<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        return stops.Select(Problem).OfType<string>();
    }

    private static string? Problem(string stop)
    {
        if (string.IsNullOrEmpty(stop)) return "A stop string is empty; it would end every text at once. Leave it out.";
        for (var rest = stop.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
                return $"The stop string '{stop}' has half a surrogate pair at {stop.Length - rest.Length}; no text contains it.";
            rest = rest[length..];
        }
        return null;
    }

    private void Hold(ReadOnlySpan<char> text)
    {
        var held = _length - _given;
        var source = _buffer;
        if (_buffer.Length < checked(held + text.Length)) _buffer = new char[Math.Max(held + text.Length, 2 * _buffer.Length)];
        source.AsSpan(_given, held).CopyTo(_buffer);
        text.CopyTo(_buffer.AsSpan(held));
        (_given, _length) = (0, held + text.Length);
    }

    private int Next(int state, char character)
    {
        int next;
        while (!_edges.TryGetValue((state, character), out next) && state != Root) state = _nodes[state].Suffix;
        return next;
    }

    private void Add(string stop)
    {
        if (Problem(stop) is { } problem) throw new ArgumentException(problem, nameof(stop));
        var state = Root;
        foreach (var character in stop)
        {
            if (!_edges.TryGetValue((state, character), out var next))
            {
                next = _nodes.Count;
                _edges.Add((state, character), next);
                _nodes.Add(new() { Depth = _nodes[state].Depth + 1, Parent = state, Character = character });
            }

            state = next;
        }

        _nodes[state].Stop = stop;
    }

    // In order of depth, so that the suffix of a node, which is shallower, is known before its own.
    private void LinkSuffixes()
    {
        foreach (var node in _nodes.Where(node => node.Depth > 0).OrderBy(node => node.Depth).ToArray())
        {
            node.Suffix = node.Depth == 1 ? Root : Next(_nodes[node.Parent].Suffix, node.Character);
            // The longest string that is complete here: this one, or what its longest suffix completes.
            node.Stop ??= _nodes[node.Suffix].Stop;
        }
    }

    private sealed class Node
    {
        public int Depth, Parent, Suffix;
        public char Character;
        public string? Stop;
    }
}
