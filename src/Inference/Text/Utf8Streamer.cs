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
    private char[] _buffer = new char[64];

    /// <summary>Takes bytes in and gives the characters that are whole, surrogate pairs together. The span is valid until the next call.</summary>
    public ReadOnlySpan<char> Append(ReadOnlySpan<byte> bytes) => Convert(bytes, flush: false);

    /// <summary>Ends the text: an unfinished character becomes U+FFFD. The span is valid until the next call; a new text may begin then.</summary>
    public ReadOnlySpan<char> Flush() => Convert(default, flush: true);

    /// <summary>Forgets an unfinished character, to begin a new text.</summary>
    public void Reset() => _decoder.Reset();

    private ReadOnlySpan<char> Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_buffer.Length < most) _buffer = new char[Math.Max(most, 2 * _buffer.Length)];
        return _buffer.AsSpan(0, _decoder.GetChars(bytes, _buffer, flush));
    }
}
