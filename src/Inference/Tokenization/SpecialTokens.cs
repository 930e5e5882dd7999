using System.Buffers;
using System.Runtime.CompilerServices;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Finds tokens that are taken out of the text before anything else: the longest text first wherever it is, equal lengths by token,
/// the same token from left to right. Immutable, safe from any thread.
/// </summary>
internal sealed class SpecialTokens
{
    private readonly Vocabulary _vocabulary;
    private readonly PieceTable _pieces;
    private readonly int[] _sorted;
    private readonly SearchValues<byte> _firstBytes;

    /// <summary>Prepares the tokens of the kinds that <paramref name="kinds"/> names.</summary>
    public SpecialTokens(Vocabulary vocabulary, TokenKindSet kinds)
    {
        _vocabulary = vocabulary;
        var pieces = _pieces = vocabulary.Pieces;
        _sorted = Members(vocabulary, kinds);
        // Tokens in the order of their bytes are a trie: those that share a prefix are neighbours. Of equal ones the later comes first and wins.
        Array.Sort(_sorted, (a, b) => pieces[a].SequenceCompareTo(pieces[b]) is var order && order != 0 ? order : b.CompareTo(a));
        var firstBytes = new bool[256];
        foreach (var id in _sorted) firstBytes[pieces[id][0]] = true;
        var values = new List<byte>();
        for (var value = 0; value < firstBytes.Length; value++)
            if (firstBytes[value]) values.Add((byte)value);
        _firstBytes = SearchValues.Create(values.ToArray());
    }

    /// <summary>Cuts <paramref name="text"/> into fragments, without gaps but for blanks that a token swallows; empty text has none.</summary>
    public List<Fragment> Split(ReadOnlySpan<byte> text)
    {
        PriorityQueue<Fragment, Fragment>? found = null;
        for (int at = 0, skip; (skip = text[at..].IndexOfAny(_firstBytes)) >= 0; at++)
            Offer(ref found, text, at += skip, text.Length);

        var fragments = new List<Fragment>();
        if (found is not null)
        {
            var taken = new bool[text.Length];
            while (found.TryDequeue(out var match, out _))
            {
                var clash = taken.AsSpan(match.Start..match.End).IndexOf(true);
                // What a longer neighbour has taken leaves room for a shorter token that starts here.
                if (clash > 0) Offer(ref found!, text, match.Start, match.Start + clash);
                if (clash >= 0) continue;
                taken.AsSpan(match.Start..match.End).Fill(true);
                fragments.Add(match);
            }

            fragments.Sort((a, b) => a.Start.CompareTo(b.Start));
        }

        return WithText(fragments, text);
    }

    private static IComparer<Fragment> ByPriority { get; } = Comparer<Fragment>.Create((a, b) =>
        a.Length != b.Length ? b.Length.CompareTo(a.Length) :
        a.Token != b.Token ? a.Token.CompareTo(b.Token) : a.Start.CompareTo(b.Start));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Members(Vocabulary vocabulary, TokenKindSet kinds)
    {
        var members = new List<int>();
        for (var id = 0; id < vocabulary.Count; id++)
            if (kinds.Has(vocabulary.Kinds[id]) && !vocabulary.Pieces[id].IsEmpty) members.Add(id);
        return members.ToArray();
    }

    private List<Fragment> WithText(List<Fragment> tokens, ReadOnlySpan<byte> text)
    {
        var all = new List<Fragment>(2 * tokens.Count + 1);
        var at = 0;
        foreach (var token in tokens)
        {
            var end = token.Start;
            if (_vocabulary.StripsLeft.Contains(token.Token))
                while (end > at && IsBlank(text[end - 1])) end--;
            if (end > at) all.Add(new(at, end, Fragment.Text));
            all.Add(token);
            at = token.End;
            if (_vocabulary.StripsRight.Contains(token.Token))
                while (at < text.Length && IsBlank(text[at])) at++;
        }

        if (at < text.Length) all.Add(new(at, text.Length, Fragment.Text));
        return all;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or >= (byte)'\t' and <= (byte)'\r';

    // Offers the longest token that starts at `start` and ends by `end`, if there is one.
    private void Offer(ref PriorityQueue<Fragment, Fragment>? found, ReadOnlySpan<byte> text, int start, int end)
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

        if (bestLength == 0) return;
        var match = new Fragment(start, start + bestLength, best);
        (found ??= new(ByPriority)).Enqueue(match, match);
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
