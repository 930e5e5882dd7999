using System.Text;

namespace Hotplug.Inference.Grammars;

/// <summary>Ranges of code points as sequences of ranges of bytes, so that a text can be followed byte by byte, wherever tokens cut characters.</summary>
internal static class Utf8Ranges
{
    private static ReadOnlySpan<int> LastOfLength => [0x7F, 0x7FF, 0xFFFF];

    /// <summary>The sequences that make up a range of code points; surrogates have none.</summary>
    public static List<(byte Low, byte High)[]> Of(int low, int high)
    {
        var result = new List<(byte, byte)[]>();
        if (low < 0xD800) Split(low, Math.Min(high, 0xD7FF), result);
        if (high > 0xDFFF) Split(Math.Max(low, 0xE000), high, result);
        return result;
    }

    private static void Split(int low, int high, List<(byte, byte)[]> result)
    {
        if (low > high) return;
        foreach (var last in LastOfLength)
            if (low <= last && high > last)
            {
                Split(low, last, result);
                Split(last + 1, high, result);
                return;
            }

        for (var i = 1; i < 4 && high > 0x7F; i++)
        {
            // Bytes behind a byte that varies must have all their values.
            var mask = (1 << 6 * i) - 1;
            if ((low & ~mask) == (high & ~mask)) continue;
            if ((low & mask) != 0)
            {
                Split(low, low | mask, result);
                Split((low | mask) + 1, high, result);
                return;
            }

            if ((high & mask) != mask)
            {
                Split(low, (high & ~mask) - 1, result);
                Split(high & ~mask, high, result);
                return;
            }
        }

        Span<byte> first = stackalloc byte[4], last4 = stackalloc byte[4];
        var length = new Rune(low).EncodeToUtf8(first);
        new Rune(high).EncodeToUtf8(last4);
        var sequence = new (byte, byte)[length];
        for (var i = 0; i < length; i++) sequence[i] = (first[i], last4[i]);
        result.Add(sequence);
    }
}
