namespace Hotplug.Inference.Sampling;

/// <summary>The last tokens of a text in order, as many as asked for at least, and for each whether a sequence breaks at it. Allocates nothing once made. One thread at a time.</summary>
internal sealed class TokenHistory
{
    private readonly int _wanted;
    private readonly int[] _tokens;
    private readonly bool[] _breaks;
    private readonly ISequenceBreaks? _breaker;
    private int _start, _count;

    /// <summary>An empty history.</summary>
    /// <param name="wanted">How many tokens are remembered; with as many again in reserve, so that most additions move nothing.</param>
    /// <param name="breaker">Says where sequences break.</param>
    public TokenHistory(int wanted, ISequenceBreaks? breaker)
    {
        (_wanted, _breaker) = (wanted, breaker);
        _tokens = new int[2 * wanted];
        _breaks = new bool[breaker is null ? 0 : 2 * wanted];
    }

    /// <summary>All that are remembered, oldest first.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(_start, _count);

    /// <summary>For each of <see cref="Tokens"/> whether a sequence breaks at it; empty if nothing breaks one.</summary>
    public ReadOnlySpan<bool> Breaks => _breaker is null ? default : _breaks.AsSpan(_start, _count);

    /// <summary>The last ones, as many as there are.</summary>
    public ReadOnlySpan<int> Last(int count) => Tokens[^Math.Min(count, _count)..];

    /// <summary>Adds a token.</summary>
    public void Add(int token)
    {
        if (_wanted == 0) return;
        if (_start + _count == _tokens.Length)
        {
            Tokens[1..].CopyTo(_tokens);
            if (_breaker is not null) Breaks[1..].CopyTo(_breaks);
            (_start, _count) = (0, _count - 1);
        }

        if (_breaker is not null) _breaks[_start + _count] = _breaker.Add(token);
        _tokens[_start + _count++] = token;
        if (_count <= _wanted) return;
        _start++;
        _count--;
    }

    /// <summary>Forgets everything and remembers the last of these instead.</summary>
    public void Replace(ReadOnlySpan<int> tokens)
    {
        tokens = tokens[^Math.Min(_wanted, tokens.Length)..];
        (_start, _count) = (0, 0);
        _breaker?.Reset();
        foreach (var token in tokens) Add(token);
    }
}
