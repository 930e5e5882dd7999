using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;

namespace Hotplug.Gpu.Memory;

/// <summary>A run of rows on its way between the standard layout and a buffer. Offsets count bytes of the rows as the buffer keeps them.</summary>
internal readonly struct RowTransfer
{
    private readonly PackedFormat? _format;
    private readonly int _standardRowBytes;
    private readonly int _storedRowBytes;

    public RowTransfer(in TensorRef tensor, long firstRow, long count, bool packed)
    {
        var spec = tensor.Spec;
        _standardRowBytes = checked((int)spec.RowBytes);
        // What is kept as it comes may be cut anywhere.
        _format = packed && spec.Type.IsQuantized() ? PackedFormat.For(spec.Type) : null;
        _storedRowBytes = _format is null ? _standardRowBytes : checked((int)_format.RowBytes(spec.Shape.D0));
        Offset = checked((long)tensor.Offset + firstRow * _storedRowBytes);
        Bytes = checked(count * _storedRowBytes);
    }

    /// <summary>Where the first row begins in the buffer.</summary>
    public long Offset { get; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes { get; }

    /// <summary>Bytes that have to be together.</summary>
    public long RowBytes => _format is null ? 1 : _storedRowBytes;

    /// <summary>Bytes of the next chunk, from <paramref name="first"/> on: whole rows, where rows are packed.</summary>
    public int ChunkAt(long first, int most) => (int)Math.Min(Bytes - first, _format is null ? most : most / _storedRowBytes * _storedRowBytes);

    /// <summary>Fills a chunk from the rows at <paramref name="source"/>, which has all of them.</summary>
    public unsafe void Pack(byte* source, long first, Span<byte> chunk)
    {
        if (_format is null)
        {
            new ReadOnlySpan<byte>(source + first, chunk.Length).CopyTo(chunk);
            return;
        }
        // In bounds: the chunk has whole rows of the transfer.
        for (var at = 0; at < chunk.Length; at += _storedRowBytes)
            _format.Pack(new ReadOnlySpan<byte>(source + (first + at) / _storedRowBytes * _standardRowBytes, _standardRowBytes), chunk.Slice(at, _storedRowBytes));
    }

    /// <summary>Takes the rows of a chunk to <paramref name="destination"/>, which has room for all.</summary>
    public unsafe void Unpack(ReadOnlySpan<byte> chunk, long first, byte* destination)
    {
        if (_format is null)
        {
            chunk.CopyTo(new Span<byte>(destination + first, chunk.Length));
            return;
        }
        for (var at = 0; at < chunk.Length; at += _storedRowBytes)
            _format.Unpack(chunk.Slice(at, _storedRowBytes), new Span<byte>(destination + (first + at) / _storedRowBytes * _standardRowBytes, _standardRowBytes));
    }
}
