using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Grammars;

/// <summary>
/// A grammar made ready for a vocabulary. Which tokens may follow is found once for every state of the grammar and remembered, for all texts. Safe from any thread.
/// </summary>
public sealed class CompiledGrammar
{
    private readonly Lock _lock = new();
    private readonly Tokenizer _tokenizer;
    private readonly TokenTrie _trie;
    private readonly GrammarMachine _machine;
    private readonly GrammarState[] _path;
    private readonly List<GrammarState> _masked = [];
    private long _maskBytes;

    private CompiledGrammar(string text, Tokenizer tokenizer)
    {
        (Text, _tokenizer) = (text, tokenizer);
        _machine = new(GrammarCompiler.Compile(GbnfParser.Parse(text)));
        _trie = TokenTrie.Of(tokenizer);
        _path = new GrammarState[_trie.Depth + 1];
    }

    /// <summary>The grammar, in GBNF.</summary>
    public string Text { get; }

    /// <summary>How many masks were made: less often than asked for, where states come again.</summary>
    public int MaskCount { get; private set; }

    /// <summary>Compiles a grammar. Ask <see cref="GrammarCache"/> for one that may have been compiled before.</summary>
    /// <param name="gbnf">The grammar; the text is that of its rule <c>root</c>.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <exception cref="GrammarException">It is malformed, left recursive, or beyond a limit.</exception>
    public static CompiledGrammar Compile(string gbnf, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(gbnf);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new(gbnf, tokenizer);
    }

    /// <summary>Begins a text.</summary>
    public GrammarConstraint Begin() => new(this, _tokenizer);

    internal GrammarState Start => _machine.Start;

    /// <summary>The state behind bytes.</summary>
    internal GrammarState Step(GrammarState state, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            state = _machine.Renew(state);
            foreach (var value in bytes) state = _machine.Step(state, value);
            return state;
        }
    }

    /// <summary>The tokens that may follow in a state.</summary>
    internal TokenMask Mask(GrammarState state)
    {
        lock (_lock)
        {
            if (state.Mask is { } known) return known;
            if (_maskBytes >= GrammarLimits.MaskBytes)
            {
                foreach (var masked in _masked) masked.Mask = null;
                _masked.Clear();
                _maskBytes = 0;
            }

            _machine.Trim();
            var mask = Walk(_machine.Renew(state));
            state.Mask = mask;
            _masked.Add(state);
            _maskBytes += mask.Bytes;
            MaskCount++;
            return mask;
        }
    }

    private TokenMask Walk(GrammarState start)
    {
        var mask = new TokenMask(_tokenizer.VocabularySize);
        if (start.Accepts)
            for (var token = 0; token < _tokenizer.VocabularySize; token++)
                if (_tokenizer.IsEndOfGeneration(token)) mask.Add(token);
        var nodes = _trie.Nodes;
        var limit = _machine.Work + GrammarLimits.Work;
        _path[0] = start;
        for (var at = 0; at < nodes.Length;)
        {
            ref readonly var node = ref nodes[at];
            var next = _machine.Step(_path[node.Depth], node.Value);
            if (next.IsDead)
            {
                at = node.End;
                continue;
            }

            _path[node.Depth + 1] = next;
            for (var i = 0; i < node.Tokens; i++) mask.Add(_trie.Tokens[node.First + i]);
            at++;
            if (_machine.Work > limit)
                throw new GrammarException("The grammar is too ambiguous: to find the tokens that may follow would take too long. Write it so that fewer rules match the same text.");
        }

        return mask;
    }
}
