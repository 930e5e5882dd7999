using System.Runtime.CompilerServices;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Grammars;

/// <summary>The tokens that write text, by their bytes: a tree laid out in the order of a walk through it, so that a walk is a loop and what cannot be is stepped over. Immutable.</summary>
internal sealed class TokenTrie
{
    private static readonly ConditionalWeakTable<Tokenizer, TokenTrie> Known = [];

    private TokenTrie(Tokenizer tokenizer)
    {
        var tokens = Enumerable.Range(0, tokenizer.VocabularySize)
            .Where(t => tokenizer.Kind(t) is TokenKind.Normal or TokenKind.UserDefined or TokenKind.Byte && !tokenizer.IsEndOfGeneration(t) && !tokenizer.Bytes(t).IsEmpty).ToArray();
        Array.Sort(tokens, (a, b) => tokenizer.Bytes(a).SequenceCompareTo(tokenizer.Bytes(b)) is not 0 and var order ? order : a - b);

        var nodes = new List<Node>();
        var path = new List<int>();
        var ends = new List<int>();
        var before = ReadOnlySpan<byte>.Empty;
        foreach (var token in tokens)
        {
            var bytes = tokenizer.Bytes(token);
            Close(bytes.CommonPrefixLength(before));
            for (var i = path.Count; i < bytes.Length; i++)
            {
                path.Add(nodes.Count);
                nodes.Add(new(bytes[i], (ushort)i, 0, ends.Count, 0));
            }

            // Tokens of the same bytes stand at the same node, one after the other.
            nodes[path[^1]] = nodes[path[^1]] with { Tokens = nodes[path[^1]].Tokens + 1 };
            ends.Add(token);
            before = bytes;
        }

        Close(0);
        (Nodes, Tokens, Depth) = ([.. nodes], [.. ends], nodes.Count == 0 ? 0 : nodes.Max(n => n.Depth) + 1);

        void Close(int depth)
        {
            for (; path.Count > depth; path.RemoveAt(path.Count - 1)) nodes[path[^1]] = nodes[path[^1]] with { End = nodes.Count };
        }
    }

    /// <summary>The nodes, each before its children.</summary>
    public Node[] Nodes { get; }

    /// <summary>The tokens, in the order of the nodes that end them.</summary>
    public int[] Tokens { get; }

    /// <summary>Bytes of the longest token.</summary>
    public int Depth { get; }

    /// <summary>The trie of a vocabulary, made once.</summary>
    public static TokenTrie Of(Tokenizer tokenizer) => Known.GetValue(tokenizer, static t => new(t));

    /// <summary>A byte behind its parent's.</summary>
    /// <param name="Value">The byte.</param>
    /// <param name="Depth">Bytes before it.</param>
    /// <param name="End">The node behind all its descendants.</param>
    /// <param name="First">Where its tokens begin.</param>
    /// <param name="Tokens">How many end here.</param>
    public readonly record struct Node(byte Value, ushort Depth, int End, int First, int Tokens);
}
