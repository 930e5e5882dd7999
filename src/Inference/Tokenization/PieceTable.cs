using System.Runtime.CompilerServices;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Tokenization;

/// <summary>Many short byte strings in one array: no object per string. Immutable, safe from any thread.</summary>
internal sealed class PieceTable
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    // Bytes between the end of a piece and the start of the next.
    private readonly int _gap;

    private PieceTable(byte[] bytes, int[] starts, int gap) => (_bytes, _starts, _gap) = (bytes, starts, gap);

    /// <summary>The strings of a file where they lie in its metadata, which this keeps in memory.</summary>
    public PieceTable(GgufStringArray strings) => (_bytes, _starts, _gap) = strings.Layout;

    /// <summary>Writes piece <paramref name="index"/> and returns its length, at most the length of the destination.</summary>
    public delegate int Writer(int index, Span<byte> destination);

    /// <summary>Number of pieces.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of a piece.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = _starts[index];
            return _bytes.AsSpan(start, _starts[index + 1] - _gap - start);
        }
    }

    /// <summary>Copies of <paramref name="pieces"/>.</summary>
    public static PieceTable Copy(IReadOnlyList<byte[]> pieces)
    {
        var starts = new int[pieces.Count + 1];
        for (var i = 0; i < pieces.Count; i++) starts[i + 1] = checked(starts[i] + pieces[i].Length);
        return new([.. pieces.SelectMany(piece => piece)], starts, 0);
    }

    /// <summary>Another table with one piece for each of this one, each at most as long as its original.</summary>
    public PieceTable Transform(Writer write)
    {
        var total = 0;
        for (var i = 0; i < Count; i++) total += this[i].Length;
        var starts = new int[Count + 1];
        var bytes = GC.AllocateUninitializedArray<byte>(total);
        for (var i = 0; i < Count; i++) starts[i + 1] = starts[i] + write(i, bytes.AsSpan(starts[i], this[i].Length));
        return new(bytes, starts, 0);
    }

    /// <summary>The first piece longer than <paramref name="most"/> bytes, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FirstLongerThan(int most)
    {
        for (var i = 0; i < _starts.Length - 1; i++)
            if (_starts[i + 1] - _gap - _starts[i] > most) return i;
        return -1;
    }

    /// <summary>The next piece from <paramref name="from"/> on that looks like the name of a special token, or -1. Spares making strings of ordinary pieces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextBracketed(int from, int longest)
    {
        for (; from < Count; from++)
            if (this[from] is [(byte)'<' or (byte)'[' or (byte)'_' or 0xE2, .., (byte)'>' or (byte)']' or (byte)'['] piece && piece.Length <= longest) return from;
        return -1;
    }
}
