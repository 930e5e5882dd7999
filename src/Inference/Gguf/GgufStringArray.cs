using System.Text;

namespace Hotplug.Inference.Gguf;

/// <summary>
/// An array of strings as it lies in the file: offsets into the metadata bytes, no object per string.
/// Immutable, safe from any thread; lives as long as the metadata it came from.
/// </summary>
public sealed class GgufStringArray
{
    /// <summary>Each string is preceded by its 64-bit length, so the start of the next tells where one ends.</summary>
    private const int LengthBytes = sizeof(ulong);

    private readonly byte[] _bytes;
    private readonly int[] _starts;

    internal GgufStringArray(byte[] bytes, int[] starts) => (_bytes, _starts) = (bytes, starts);

    /// <summary>Where the strings lie: each from its start to the gap before the next start.</summary>
    internal (byte[] Bytes, int[] Starts, int Gap) Layout => (_bytes, _starts, LengthBytes);

    /// <summary>Number of strings.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of string <paramref name="index"/>; meant to be UTF-8, but not checked: vocabularies hold fragments.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such string.</exception>
    public ReadOnlySpan<byte> this[int index] => Memory(index).Span;

    /// <summary>The bytes of string <paramref name="index"/>, to be kept beyond a stack frame.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such string.</exception>
    public ReadOnlyMemory<byte> Memory(int index)
    {
        var start = _starts[index];
        return _bytes.AsMemory(start, _starts[index + 1] - LengthBytes - start);
    }

    /// <summary>String <paramref name="index"/> as text; bytes that are not UTF-8 become U+FFFD. Allocates.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such string.</exception>
    public string GetString(int index) => Encoding.UTF8.GetString(this[index]);
}
