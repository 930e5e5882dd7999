using Hotplug.Inference.Sampling;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Grammars;

/// <summary>Where one text is in a grammar. One thread at a time; texts share what the grammar found out. In steady state it allocates nothing.</summary>
public sealed class GrammarConstraint : ITokenConstraint
{
    private readonly CompiledGrammar _grammar;
    private readonly Tokenizer _tokenizer;
    private GrammarState _state;
    private bool _ended;

    internal GrammarConstraint(CompiledGrammar grammar, Tokenizer tokenizer) => (_grammar, _tokenizer, _state) = (grammar, tokenizer, grammar.Start);

    /// <summary>The text may end here.</summary>
    public bool IsComplete => _state.Accepts;

    /// <summary>The text has to end here.</summary>
    public bool IsAtEnd => _ended || (_state.Accepts && _state.Places.Length == 0);

    /// <summary>How many tokens may follow.</summary>
    /// <exception cref="GrammarException">That would take too long to find.</exception>
    public int CountAllowed() => _ended ? 0 : _grammar.Mask(_state).Count;

    /// <summary>True if a token may follow.</summary>
    /// <exception cref="GrammarException">That would take too long to find.</exception>
    public bool Allows(int token) => !_ended && _grammar.Mask(_state).Has(token);

    /// <inheritdoc/>
    /// <exception cref="GrammarException">No token may follow, or that would take too long to find.</exception>
    public void Restrict(Span<float> logits)
    {
        if (_ended) throw new InvalidOperationException("The text has ended.");
        var mask = _grammar.Mask(_state);
        if (mask.Count == 0)
            throw new GrammarException(IsComplete
                ? "The text that the grammar describes is complete, and the vocabulary has no token that ends it."
                : "No token of the vocabulary can go on as the grammar wants: it lacks a character, or the text nests too deep.");
        mask.Apply(logits);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The token may not follow; nothing has changed.</exception>
    public void Accept(int token)
    {
        if (_tokenizer.IsEndOfGeneration(token) && _state.Accepts)
        {
            _ended = true;
            return;
        }

        var bytes = _tokenizer.Bytes(token);
        var next = _ended || bytes.IsEmpty ? null : _grammar.Step(_state, bytes);
        if (next is null || next.IsDead) throw new ArgumentException($"The grammar does not allow token {token} ('{_tokenizer.Name(token)}') here.", nameof(token));
        _state = next;
    }

    /// <summary>Begins the text again.</summary>
    public void Reset() => (_state, _ended) = (_grammar.Start, false);
}
