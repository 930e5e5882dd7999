namespace Hotplug.Inference.Tokenization;

/// <summary>Ranks the pairs of a word by the merges of its vocabulary.</summary>
internal readonly ref struct MergeRanker(ReadOnlySpan<byte> text, MergeRanks ranks) : IPairRanker
{
    private readonly ReadOnlySpan<byte> _text = text;

    public bool TryRank(int start, int middle, int end, out uint rank) => ranks.TryRank(_text[start..end], middle - start, out rank);
}
