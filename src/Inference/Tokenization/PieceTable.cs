namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Many short byte strings in one array: no object per string. Owns a copy of its bytes, so it outlives the file they came from.
/// Immutable, safe from any thread.
/// </summary>
internal sealed class PieceTable
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private PieceTable(byte[] bytes, int[] starts) => (_bytes, _starts) = (bytes, starts);

    /// <summary>Gives piece <paramref name="index"/>; the span is read before the next call.</summary>
    public delegate ReadOnlySpan<byte> Source(int index);

    /// <summary>Writes piece <paramref name="index"/> and returns its length, at most the length of the destination.</summary>
    public delegate int Writer(int index, Span<byte> destination);

    /// <summary>Number of pieces.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Bytes of all pieces together.</summary>
    public int TotalBytes => _starts[^1];

    /// <summary>The bytes of a piece.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Copies <paramref name="count"/> pieces.</summary>
    /// <exception cref="OverflowException">Together they exceed 2 GiB.</exception>
    public static PieceTable Copy(int count, Source source)
    {
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++) starts[i + 1] = checked(starts[i] + source(i).Length);
        var bytes = GC.AllocateUninitializedArray<byte>(starts[count]);
        for (var i = 0; i < count; i++) source(i).CopyTo(bytes.AsSpan(starts[i]));
        return new(bytes, starts);
    }

    /// <summary>Another table with one piece for each of this one, each at most as long as its original.</summary>
    public PieceTable Transform(Writer write)
    {
        var starts = new int[Count + 1];
        var bytes = GC.AllocateUninitializedArray<byte>(TotalBytes);
        for (var i = 0; i < Count; i++)
            starts[i + 1] = starts[i] + write(i, bytes.AsSpan(starts[i], _starts[i + 1] - _starts[i]));
        return new(bytes, starts);
    }
}
