using Hotplug.Inference.Text;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Sampling;

/// <summary>Sequences break at tokens in which a breaker ends, wherever it began, and at tokens that write nothing.</summary>
internal sealed class BreakerTexts(Tokenizer tokenizer, IReadOnlyList<string> breakers) : ISequenceBreaks
{
    private readonly BytePatterns _patterns = new(breakers.Select(System.Text.Encoding.UTF8.GetBytes));
    private int _state;

    public bool Add(int token)
    {
        var bytes = tokenizer.Bytes(token);
        if (bytes.IsEmpty)
        {
            _state = 0;
            return true;
        }

        var breaks = false;
        foreach (var value in bytes)
        {
            _state = _patterns.Next(_state, value);
            breaks |= _patterns.Ends(_state);
        }

        return breaks;
    }

    public void Reset() => _state = 0;
}
