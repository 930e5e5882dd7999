namespace Hotplug.Inference.Tokenization;

/// <summary>Says which neighbours may be joined and in what order.</summary>
internal interface IPairRanker
{
    /// <summary>Rank of joining text[start..middle] with text[middle..end], lower first; false if they do not join.</summary>
    bool TryRank(int start, int middle, int end, out uint rank);
}
