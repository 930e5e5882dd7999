using System.Runtime.CompilerServices;

namespace Hotplug.Inference.Tokenization;

/// <summary>Tokens by their bytes, one step per byte: to find all tokens that begin at a place. Immutable, safe from any thread.</summary>
internal sealed class ByteTrie
{
    /// <summary>In place of a node: there is none.</summary>
    public const int None = -1;

    // Children of a node lie side by side in the order of their bytes.
    private readonly List<Node> _nodes = [];

    /// <summary>Makes the trie of the tokens of some kinds. Where two have the same bytes the later one is found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ByteTrie(Vocabulary vocabulary, TokenKindSet kinds)
    {
        var pieces = vocabulary.Pieces;
        var sorted = Enumerable.Range(0, vocabulary.Count).Where(id => kinds.Has(vocabulary.Kinds[id]) && !pieces[id].IsEmpty).ToArray();
        Array.Sort(sorted, (a, b) => pieces[a].SequenceCompareTo(pieces[b]) is var order && order != 0 ? order : a.CompareTo(b));
        var pending = new Queue<(int Node, int Low, int High, int Depth)>();
        _nodes.Add(new());
        pending.Enqueue((0, 0, sorted.Length, 0));
        while (pending.TryDequeue(out var range))
        {
            var (node, low, high, depth) = range;
            var token = None;
            // Those that end here come first.
            for (; low < high && pieces[sorted[low]].Length == depth; low++) token = sorted[low];
            var first = _nodes.Count;
            for (var at = low; at < high;)
            {
                var value = pieces[sorted[at]][depth];
                var end = at + 1;
                while (end < high && pieces[sorted[end]][depth] == value) end++;
                pending.Enqueue((_nodes.Count, at, end, depth + 1));
                _nodes.Add(new() { Byte = value });
                at = end;
            }
            _nodes[node] = _nodes[node] with { Token = token, First = first, Count = (short)(_nodes.Count - first) };
        }
    }

    /// <summary>The node from which all begin.</summary>
    public static int Root => 0;

    /// <summary>The node behind a byte, or <see cref="None"/>.</summary>
    public int Next(int node, byte value)
    {
        var (low, high) = (_nodes[node].First, _nodes[node].First + _nodes[node].Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var found = _nodes[middle].Byte;
            if (found == value) return middle;
            if (found < value) low = middle + 1;
            else high = middle;
        }
        return None;
    }

    /// <summary>The token that ends at a node, or <see cref="None"/>.</summary>
    public int TokenAt(int node) => _nodes[node].Token;

    /// <summary>Bytes of <paramref name="text"/> that lie on a path from the root, whether a token ends there or not.</summary>
    public int PathLength(ReadOnlySpan<byte> text)
    {
        var node = Root;
        for (var length = 0; length < text.Length; length++)
            if ((node = Next(node, text[length])) == None) return length;
        return text.Length;
    }

    private readonly record struct Node
    {
        public int Token { get; init; }
        public int First { get; init; }
        public short Count { get; init; }
        public byte Byte { get; init; }
    }
}
