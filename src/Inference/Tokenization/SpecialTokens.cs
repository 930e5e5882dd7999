using System.Buffers;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Finds tokens that are taken out of the text before anything else: the longest text first wherever it is, equal lengths by token,
/// the same token from left to right. Immutable, safe from any thread.
/// </summary>
internal sealed class SpecialTokens
{
    private readonly PieceTable _pieces;
    private readonly int[] _sorted;
    private readonly SearchValues<byte> _firstBytes;

    /// <summary>Prepares the tokens that <paramref name="includes"/> accepts.</summary>
    public SpecialTokens(PieceTable pieces, Func<int, bool> includes)
    {
        _pieces = pieces;
        _sorted = [.. Enumerable.Range(0, pieces.Count).Where(id => !pieces[id].IsEmpty && includes(id))];
        // Tokens in the order of their bytes are a trie: those that share a prefix are neighbours. Of equal ones the later comes first and wins.
        Array.Sort(_sorted, (a, b) => pieces[a].SequenceCompareTo(pieces[b]) is var order && order != 0 ? order : b.CompareTo(a));
        _firstBytes = SearchValues.Create(_sorted.Select(id => pieces[id][0]).Distinct().ToArray());
    }

    /// <summary>Cuts <paramref name="text"/> into fragments without gaps; empty text has none.</summary>
    public List<Fragment> Split(ReadOnlySpan<byte> text)
    {
        var found = new PriorityQueue<Fragment, Fragment>(ByPriority);
        for (int at = 0, skip; (skip = text[at..].IndexOfAny(_firstBytes)) >= 0; at++)
            Offer(found, text, at += skip, text.Length);

        var fragments = new List<Fragment>();
        if (found.Count > 0)
        {
            var taken = new bool[text.Length];
            while (found.TryDequeue(out var match, out _))
            {
                var clash = taken.AsSpan(match.Start..match.End).IndexOf(true);
                // What a longer neighbour has taken leaves room for a shorter token that starts here.
                if (clash > 0) Offer(found, text, match.Start, match.Start + clash);
                if (clash >= 0) continue;
                taken.AsSpan(match.Start..match.End).Fill(true);
                fragments.Add(match);
            }

            fragments.Sort((a, b) => a.Start.CompareTo(b.Start));
        }

        return WithText(fragments, text.Length);
    }

    private static readonly IComparer<Fragment> ByPriority = Comparer<Fragment>.Create((a, b) =>
        a.Length != b.Length ? b.Length.CompareTo(a.Length) :
        a.Token != b.Token ? a.Token.CompareTo(b.Token) : a.Start.CompareTo(b.Start));

    private static List<Fragment> WithText(List<Fragment> tokens, int length)
    {
        var all = new List<Fragment>(2 * tokens.Count + 1);
        var at = 0;
        foreach (var token in tokens)
        {
            if (token.Start > at) all.Add(new(at, token.Start, Fragment.Text));
            all.Add(token);
            at = token.End;
        }

        if (at < length) all.Add(new(at, length, Fragment.Text));
        return all;
    }

    // Offers the longest token that starts at `start` and ends by `end`, if there is one.
    private void Offer(PriorityQueue<Fragment, Fragment> found, ReadOnlySpan<byte> text, int start, int end)
    {
        var best = Fragment.Text;
        var bestLength = 0;
        var (low, high) = (0, _sorted.Length);
        for (var depth = 0; low < high; depth++)
        {
            // Within the range all agree in `depth` bytes; those that end here come first.
            if (_pieces[_sorted[low]].Length == depth)
            {
                (best, bestLength) = (_sorted[low], depth);
                while (low < high && _pieces[_sorted[low]].Length == depth) low++;
            }

            if (start + depth >= end) break;
            (low, high) = (Bound(low, high, depth, text[start + depth]), Bound(low, high, depth, text[start + depth] + 1));
        }

        if (bestLength > 0) found.Enqueue(new(start, start + bestLength, best), new(start, start + bestLength, best));
    }

    // First in the range whose byte at `depth` is at least `value`; all of the range are longer than `depth`.
    private int Bound(int low, int high, int depth, int value)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_pieces[_sorted[middle]][depth] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
