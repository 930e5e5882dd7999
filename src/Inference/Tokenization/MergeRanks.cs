using System.Runtime.CompilerServices;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// The merges of a byte-level vocabulary, <c>left right</c> each: the rank of a pair is its place in the list, the first if it is listed twice.
/// Looked up by the bytes of the pair where they lie in the text. Immutable, safe from any thread.
/// </summary>
internal sealed class MergeRanks
{
    private const byte Separator = (byte)' ';

    private readonly PieceTable _merges;
    private readonly Slot[] _slots;
    private readonly int _longestPair;

    /// <summary>Indexes merges of which <see cref="FirstMalformed"/> finds none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public MergeRanks(PieceTable merges)
    {
        _merges = merges;
        _slots = new Slot[PieceIndex.SlotCount(merges.Count)];
        Span<byte> small = stackalloc byte[256];
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var merge = merges[rank];
            var split = SplitOf(merge);
            var pair = merge.Length <= small.Length ? small[..(merge.Length - 1)] : new byte[merge.Length - 1];
            merge[..split].CopyTo(pair);
            merge[(split + 1)..].CopyTo(pair[split..]);
            ref var slot = ref _slots[Probe(pair, split, out var hash)];
            if (slot.Hash == 0) slot = new(hash, rank);
            _longestPair = Math.Max(_longestPair, pair.Length);
        }
    }

    /// <summary>The first merge that does not name two pieces, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FirstMalformed(PieceTable merges)
    {
        for (var rank = 0; rank < merges.Count; rank++)
            if (SplitOf(merges[rank]) < 0) return rank;
        return -1;
    }

    /// <summary>Where the separator of a merge is, or -1 if it does not name two pieces. A piece may begin with a blank, but not hold one.</summary>
    private static int SplitOf(ReadOnlySpan<byte> merge)
    {
        if (merge.Length < 3) return -1;
        var at = merge[1..].IndexOf(Separator) + 1;
        return at > 0 && at < merge.Length - 1 ? at : -1;
    }

    /// <summary>Rank of joining the first <paramref name="split"/> bytes of <paramref name="pair"/> with the rest; false if it is no merge.</summary>
    public bool TryRank(ReadOnlySpan<byte> pair, int split, out uint rank)
    {
        rank = 0;
        if (pair.Length > _longestPair) return false;
        var slot = _slots[Probe(pair, split, out _)];
        rank = (uint)slot.Rank;
        return slot.Hash != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Probe(ReadOnlySpan<byte> pair, int split, out uint hash)
    {
        hash = ByteHash.Of(pair, split);
        var mask = _slots.Length - 1;
        for (var i = (int)(hash >> 1) & mask; ; i = i + 1 & mask)
        {
            ref readonly var slot = ref _slots[i];
            if (slot.Hash == 0 || slot.Hash == hash && Is(_merges[slot.Rank], pair, split)) return i;
        }
    }

    private static bool Is(ReadOnlySpan<byte> merge, ReadOnlySpan<byte> pair, int split) =>
        merge.Length == pair.Length + 1 && merge[split] == Separator
        && merge[..split].SequenceEqual(pair[..split]) && merge[(split + 1)..].SequenceEqual(pair[split..]);

    private readonly record struct Slot(uint Hash, int Rank);
}
