using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Finds the token with given bytes: open addressing with linear probing over the pieces themselves, no string per token.
/// Where two tokens have the same bytes the later one is found. Immutable, safe from any thread.
/// </summary>
/// <remarks>Optimised from the first call: a vocabulary is indexed once, at start, before the tiers of the compiler could help.</remarks>
internal sealed class PieceIndex
{
    private readonly PieceTable _pieces;
    private readonly Slot[] _slots;

    /// <summary>Indexes the tokens of the kinds that <paramref name="kinds"/> names; empty pieces never match anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PieceIndex(Vocabulary vocabulary, TokenKindSet kinds)
    {
        var pieces = _pieces = vocabulary.Pieces;
        _slots = new Slot[SlotCount(pieces.Count)];
        for (var id = 0; id < pieces.Count; id++)
        {
            var piece = pieces[id];
            if (piece.IsEmpty || !kinds.Has(vocabulary.Kinds[id])) continue;
            _slots[Probe(piece, out var hash)] = new(hash, id);
            LongestPiece = Math.Max(LongestPiece, piece.Length);
        }
    }

    /// <summary>Length of the longest piece in bytes; longer text needs no lookup.</summary>
    public int LongestPiece { get; }

    /// <summary>The token with exactly these bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty || piece.Length > LongestPiece) return -1;
        var slot = _slots[Probe(piece, out _)];
        return slot.Hash != 0 ? slot.Token : -1;
    }

    /// <summary>A power of two that leaves at least a quarter of the slots free, so that every probe ends.</summary>
    internal static int SlotCount(int entries) =>
        checked((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, checked(entries + entries / 3 + 1))));

    // The slot that holds the piece, or the free one where it belongs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Probe(ReadOnlySpan<byte> piece, out uint hash)
    {
        hash = ByteHash.Of(piece);
        var mask = _slots.Length - 1;
        for (var i = (int)(hash >> 1) & mask; ; i = i + 1 & mask)
        {
            ref readonly var slot = ref _slots[i];
            if (slot.Hash == 0 || slot.Hash == hash && _pieces[slot.Token].SequenceEqual(piece)) return i;
        }
    }

    private readonly record struct Slot(uint Hash, int Token);
}
