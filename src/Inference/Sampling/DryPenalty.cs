namespace Hotplug.Inference.Sampling;

/// <summary>
/// DRY over the history. How much of the end of the text stands before each earlier token is the Z function of the text backwards (Gusfield 1997), so the time is linear in the range
/// whatever repeats. Owns its buffers; one thread at a time.
/// </summary>
internal sealed class DryPenalty(DryOptions options, TokenHistory history, int vocabularySize)
{
    private readonly int[] _z = new int[options.Range];
    private readonly int[] _longest = new int[vocabularySize];

    /// <summary>Takes the penalties from logits.</summary>
    public void Apply(Span<float> logits)
    {
        var text = history.Last(options.Range);
        if (text.Length <= options.AllowedLength) return;
        var breaks = history.Breaks.IsEmpty ? default : history.Breaks[^text.Length..];
        var limit = Unbroken(text.Length, breaks);
        if (limit < options.AllowedLength) return;
        FindMatches(text);

        // Backwards, k tokens from the end: z[k] tokens that end just there are those of the end. The token behind them is the one that went on.
        for (var k = 1; k < text.Length; k++)
        {
            var length = Math.Min(_z[k], limit);
            var token = text[text.Length - k];
            if (length >= options.AllowedLength && (breaks.IsEmpty || !breaks[text.Length - k])) _longest[token] = Math.Max(_longest[token], length);
        }

        for (var k = 1; k < text.Length; k++)
        {
            var token = text[text.Length - k];
            if (_longest[token] == 0) continue;
            logits[token] = Math.Max(logits[token] - Penalty(_longest[token]), float.IsInfinity(logits[token]) ? float.NegativeInfinity : float.MinValue);
            _longest[token] = 0;
        }
    }

    private static int Unbroken(int length, ReadOnlySpan<bool> breaks)
    {
        var count = 0;
        while (count < length && (breaks.IsEmpty || !breaks[length - 1 - count])) count++;
        return count;
    }

    private void FindMatches(ReadOnlySpan<int> text)
    {
        var last = text.Length - 1;
        var (left, right) = (0, 0);
        for (var i = 1; i < text.Length; i++)
        {
            var z = i < right ? Math.Min(right - i, _z[i - left]) : 0;
            while (i + z < text.Length && text[last - z] == text[last - i - z]) z++;
            _z[i] = z;
            if (i + z > right) (left, right) = (i, i + z);
        }
    }

    private float Penalty(int length)
    {
        var penalty = (double)options.Multiplier;
        for (var i = options.AllowedLength; i < length && penalty < float.MaxValue; i++) penalty *= options.Base;
        return (float)Math.Min(penalty, float.MaxValue);
    }
}
