using System.Runtime.CompilerServices;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Grammars;

/// <summary>The grammars that were compiled last for a vocabulary, with what was found out about them. Safe from any thread.</summary>
public sealed class GrammarCache
{
    private const int Capacity = 16;
    private static readonly ConditionalWeakTable<Tokenizer, GrammarCache> Known = [];

    private readonly LinkedList<CompiledGrammar> _grammars = [];
    private readonly Tokenizer _tokenizer;

    private GrammarCache(Tokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>The cache of a vocabulary.</summary>
    public static GrammarCache Of(Tokenizer tokenizer) => Known.GetValue(tokenizer, static t => new(t));

    /// <summary>A compiled grammar.</summary>
    /// <exception cref="GrammarException">It cannot be compiled.</exception>
    public CompiledGrammar Get(string gbnf)
    {
        ArgumentNullException.ThrowIfNull(gbnf);
        lock (_grammars)
        {
            var grammar = _grammars.FirstOrDefault(g => g.Text == gbnf);
            if (grammar is not null) _grammars.Remove(grammar);
            else grammar = CompiledGrammar.Compile(gbnf, _tokenizer);
            _grammars.AddFirst(grammar);
            if (_grammars.Count > Capacity) _grammars.RemoveLast();
            return grammar;
        }
    }
}
