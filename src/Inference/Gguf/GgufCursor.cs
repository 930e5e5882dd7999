using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// A forward pass over the first bytes of a file. Every read is checked against the bytes that are really there, before
/// anything is allocated for it.
/// </summary>
internal ref struct GgufCursor
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _fileLength;

    public GgufCursor(ReadOnlySpan<byte> bytes, long fileLength, string path)
    {
        _bytes = bytes;
        _fileLength = fileLength;
        Path = path;
        Record = "";
        Element = -1;
    }

    public string Path { get; }

    /// <summary>The key or tensor being read, for messages; empty in the header.</summary>
    public string Record { get; set; }

    /// <summary>The array element being read, for messages; −1 outside of arrays.</summary>
    public int Element { get; set; }

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>Takes <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(ulong count, string what)
    {
        if (count > (ulong)Remaining) FailShort(Position, count, what);
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>Takes a 64-bit length and as many bytes.</summary>
    public ReadOnlySpan<byte> String(string what)
    {
        var start = Position;
        var length = UInt64(what);
        if (length > (ulong)Remaining) FailShort(start, length, what);
        return Take(length, what);
    }

    /// <summary>Takes a key or a tensor name: not empty, at most <paramref name="limit"/> bytes, UTF-8 without control characters.</summary>
    public string Name(string what, int limit)
    {
        var start = Position;
        var bytes = String(what);
        if (bytes.Length == 0)
            Fail(start, what, "it is empty", "The file is damaged or was written by a faulty tool; convert or download it again");
        if (bytes.Length > limit)
            Fail(start, what, $"it is {bytes.Length} bytes long, the format allows {limit}", Cures.Damaged);
        if (!Utf8.IsValid(bytes) || bytes.ContainsAnyInRange((byte)0, (byte)31) || bytes.Contains((byte)127))
            Fail(start, what, "it holds bytes that are no UTF-8 text, or control characters", Cures.Damaged);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Takes a 64-bit count of records of at least <paramref name="minimumBytes"/>, which must fit what is left of the file.</summary>
    public int Count(string what, int minimumBytes, int limit)
    {
        var start = Position;
        var count = UInt64(what);
        CheckCount(start, count, what, minimumBytes, limit);
        return (int)count;
    }

    /// <summary>Refuses a count that the rest of the file cannot hold, or beyond <paramref name="limit"/>.</summary>
    public readonly void CheckCount(int start, ulong count, string what, int minimumBytes, int limit)
    {
        if (count > (ulong)(Remaining / minimumBytes))
        {
            Fail(start, what, $"{count} of at least {minimumBytes} bytes each do not fit {Rest}",
                _bytes.Length < _fileLength ? Cures.TooLong : Cures.Damaged);
        }

        if (count > (ulong)limit)
            Fail(start, what, $"{count} is beyond {limit}, the most this reader accepts", Cures.Damaged);
    }

    /// <summary>Throws for the field at <paramref name="start"/>.</summary>
    [DoesNotReturn]
    public readonly void Fail(long start, string what, string problem, string cure)
    {
        var element = Element >= 0 ? $"[{Element}]" : "";
        var field = Record.Length == 0 ? what : $"{Record}{element}: {what}";
        throw new GgufException(Path, start, field, problem, cure);
    }

    private readonly string Rest => _bytes.Length < _fileLength
        ? $"the {Remaining} bytes left of the first {_bytes.Length}, in which all metadata must lie"
        : $"the {Remaining} bytes left of the file";

    [DoesNotReturn]
    private readonly void FailShort(int start, ulong count, string what) =>
        Fail(start, what, $"{count} bytes do not fit {Rest}", _bytes.Length < _fileLength ? Cures.TooLong : Cures.Damaged);

    /// <summary>What to do, in the words used most.</summary>
    public static class Cures
    {
        public const string Damaged = "The file is truncated or damaged; download or convert it again and compare its checksum";
        public const string TooLong = "The file is damaged, or its metadata is larger than any model needs; download or convert it again";
    }
}
