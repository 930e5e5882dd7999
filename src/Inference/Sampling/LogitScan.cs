using System.Numerics;

namespace Hotplug.Inference.Sampling;

/// <summary>Passes over the logits of the whole vocabulary, vectorised. The results do not depend on the width of the vectors.</summary>
internal static class LogitScan
{
    /// <summary>Copies the logits; all must be finite.</summary>
    /// <exception cref="LogitsException">One is not.</exception>
    public static void CopyFinite(ReadOnlySpan<float> logits, Span<float> copy)
    {
        var finite = Vector<int>.AllBitsSet;
        var at = 0;
        for (; at <= logits.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var values = new Vector<float>(logits[at..]);
            finite &= Vector.LessThanOrEqual(Vector.Abs(values), new Vector<float>(float.MaxValue));
            values.CopyTo(copy[at..]);
        }

        var all = Vector.EqualsAll(finite, Vector<int>.AllBitsSet);
        for (; at < logits.Length; at++) all &= float.IsFinite(copy[at] = logits[at]);
        if (all) return;
        var bad = 0;
        while (float.IsFinite(logits[bad])) bad++;
        throw new LogitsException(bad, logits[bad]);
    }

    /// <summary>The highest logit; there is at least one.</summary>
    public static float Max(ReadOnlySpan<float> logits)
    {
        var max = logits[0];
        var at = 0;
        if (logits.Length >= Vector<float>.Count)
        {
            var lanes = new Vector<float>(logits);
            for (at = Vector<float>.Count; at <= logits.Length - Vector<float>.Count; at += Vector<float>.Count)
                lanes = Vector.Max(lanes, new Vector<float>(logits[at..]));
            for (var lane = 0; lane < Vector<float>.Count; lane++) max = Math.Max(max, lanes[lane]);
        }

        for (; at < logits.Length; at++) max = Math.Max(max, logits[at]);
        return max;
    }

    /// <summary>The next token from <paramref name="from"/> on whose logit is at least <paramref name="least"/>, or -1.</summary>
    public static int NextAtLeast(ReadOnlySpan<float> logits, float least, int from)
    {
        var wanted = new Vector<float>(least);
        while (from <= logits.Length - Vector<float>.Count && !Vector.GreaterThanOrEqualAny(new Vector<float>(logits[from..]), wanted))
            from += Vector<float>.Count;
        for (; from < logits.Length; from++)
            if (logits[from] >= least) return from;
        return -1;
    }
}
