namespace Hotplug.Inference.Sampling;

/// <summary>The last tokens of a text, up to a fixed number. One thread at a time.</summary>
internal sealed class RecentTokens(int capacity)
{
    private readonly int[] _ring = new int[capacity];
    private int _count, _next;

    /// <summary>The tokens in no order.</summary>
    public ReadOnlySpan<int> Unordered => _ring.AsSpan(0, _count);

    /// <summary>Adds a token; the oldest falls out when full.</summary>
    public void Add(int token)
    {
        if (_ring.Length == 0) return;
        _ring[_next] = token;
        _next = _next + 1 == _ring.Length ? 0 : _next + 1;
        _count = Math.Min(_count + 1, _ring.Length);
    }

    /// <summary>The tokens, oldest first.</summary>
    public int[] ToArray() => _count < _ring.Length ? _ring[.._count] : [.. _ring.AsSpan(_next), .. _ring.AsSpan(0, _next)];
}
