using System.Numerics;

namespace Hotplug.Inference.Grammars;

/// <summary>A set of tokens, a bit each.</summary>
internal sealed class TokenMask(int vocabularySize)
{
    private readonly ulong[] _words = new ulong[(vocabularySize + 63) / 64];

    /// <summary>Tokens in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes it takes.</summary>
    public int Bytes => 8 * _words.Length;

    /// <summary>True for members.</summary>
    public bool Has(int token) => (_words[token >> 6] >> token & 1) != 0;

    /// <summary>Adds a token.</summary>
    public void Add(int token)
    {
        if (Has(token)) return;
        _words[token >> 6] |= 1UL << token;
        Count++;
    }

    /// <summary>Sets the logits of all others to negative infinity.</summary>
    public void Apply(Span<float> logits)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            var rest = logits[(i << 6)..];
            if (rest.Length > 64) rest = rest[..64];
            var word = _words[i];
            if (word == 0) rest.Fill(float.NegativeInfinity);
            else
                for (var others = ~word; others != 0; others &= others - 1)
                {
                    var bit = BitOperations.TrailingZeroCount(others);
                    if (bit >= rest.Length) break;
                    rest[bit] = float.NegativeInfinity;
                }
        }
    }
}
