using System.Buffers;
using System.Text;

namespace Hotplug.Inference.Text;

/// <summary>
/// Turns the bytes that tokens write into text as they come. A character whose bytes are spread over tokens appears when it is whole;
/// bytes that can be no character become U+FFFD. The text is the same however the bytes are cut. Allocates only while its buffer grows.
/// One thread at a time.
/// </summary>
public sealed class Utf8Streamer
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly byte[] _tail = new byte[LongestUnfinished];
    private int _tailLength;
    private char[] _buffer = new char[64];

    /// <summary>A character has four bytes at most.</summary>
    private const int LongestUnfinished = 3;

    /// <summary>The bytes of a character that is not whole yet, at most three. Appended to another streamer that has none they put it into the same state. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Unfinished
    {
        get
        {
            // A byte that begins a character begins it whatever stood before; so the decoder holds exactly the end that is the beginning of one.
            for (ReadOnlySpan<byte> end = _tail.AsSpan(0, _tailLength); !end.IsEmpty; end = end[1..])
                if (IsUnfinished(end)) return end;
            return default;
        }
    }

    /// <summary>True for the beginning of a character, and for nothing at all.</summary>
    public static bool IsUnfinished(ReadOnlySpan<byte> bytes) => Rune.DecodeFromUtf8(bytes, out _, out _) == OperationStatus.NeedMoreData;

    /// <summary>Takes bytes in and gives the characters that are whole, surrogate pairs together. The span is valid until the next call.</summary>
    public ReadOnlySpan<char> Append(ReadOnlySpan<byte> bytes)
    {
        Remember(bytes);
        return Convert(bytes, flush: false);
    }

    /// <summary>Ends the text: an unfinished character becomes U+FFFD. The span is valid until the next call; a new text may begin then.</summary>
    public ReadOnlySpan<char> Flush()
    {
        _tailLength = 0;
        return Convert(default, flush: true);
    }

    /// <summary>Forgets an unfinished character, to begin a new text.</summary>
    public void Reset()
    {
        _tailLength = 0;
        _decoder.Reset();
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        var added = bytes.Length > LongestUnfinished ? bytes[^LongestUnfinished..] : bytes;
        var kept = Math.Min(_tailLength, LongestUnfinished - added.Length);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        added.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + added.Length;
    }

    private ReadOnlySpan<char> Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_buffer.Length < most) _buffer = new char[Math.Max(most, 2 * _buffer.Length)];
        return _buffer.AsSpan(0, _decoder.GetChars(bytes, _buffer, flush));
    }
}
