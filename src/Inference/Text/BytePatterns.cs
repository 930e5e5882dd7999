namespace Hotplug.Inference.Text;

/// <summary>An automaton after Aho and Corasick (1975) over bytes: where patterns end in a text that comes piece by piece. Immutable.</summary>
internal sealed class BytePatterns
{
    private readonly List<int[]> _next = [new int[256]];
    private readonly List<bool> _ends = [false];

    public BytePatterns(IEnumerable<byte[]> patterns)
    {
        foreach (var pattern in patterns) Add(pattern);
        Link();
    }

    /// <summary>The state behind a byte; 0 is the beginning.</summary>
    public int Next(int state, byte value) => _next[state][value];

    /// <summary>True if a pattern ends here.</summary>
    public bool Ends(int state) => _ends[state];

    private void Add(byte[] pattern)
    {
        var state = 0;
        foreach (var value in pattern)
        {
            if (_next[state][value] == 0)
            {
                _next[state][value] = _next.Count;
                _next.Add(new int[256]);
                _ends.Add(false);
            }

            state = _next[state][value];
        }

        _ends[state] = true;
    }

    // Breadth first: the suffix of a state is shallower, so its transitions are whole already.
    private void Link()
    {
        var suffix = new int[_next.Count];
        var queue = new Queue<int>(_next[0].Where(child => child != 0));
        while (queue.TryDequeue(out var state))
        {
            _ends[state] |= _ends[suffix[state]];
            for (var value = 0; value < 256; value++)
                if (_next[state][value] is var child and not 0)
                {
                    suffix[child] = _next[suffix[state]][value];
                    queue.Enqueue(child);
                }
                else _next[state][value] = _next[suffix[state]][value];
        }
    }
}
