namespace Hotplug.Inference.Sampling;

/// <summary>Chooses so that the surprise of the text stays near the target, and learns from every choice. One thread at a time.</summary>
internal sealed class Mirostat(MirostatOptions options, int vocabularySize)
{
    // As many of the best tokens tell how the tail falls.
    private const int Sample = 100;
    // Lesser ones have lost their last digits, and the ratio of two of them says nothing.
    private const double LeastWeight = 1e-300;
    private const double Ln2 = 0.6931471805599453;

    /// <summary>The surprise that is allowed now, in bits.</summary>
    public double AllowedSurprise { get; set; } = 2 * (double)options.Tau;

    /// <summary>Draws one of the candidates.</summary>
    public int Draw(CandidateList candidates, ref Xoshiro256 random)
    {
        candidates.Keep(options.Version == 1 ? CountByTail(candidates) : CountBySurprise(candidates));
        var (token, probability) = candidates.Draw(ref random);
        var observed = -ExactLog.Of(probability) / Ln2;
        AllowedSurprise -= options.Eta * (observed - options.Tau);
        return token;
    }

    private int CountBySurprise(CandidateList candidates)
    {
        var weights = candidates.Weigh(out var total);
        var least = ExactLog.Pow(2, -AllowedSurprise) * total;
        var count = 0;
        while (count < weights.Length && weights[count] >= least) count++;
        return count;
    }

    // The probabilities are taken to fall as a power s of the rank (Zipf); s by least squares over the best.
    private int CountByTail(CandidateList candidates)
    {
        var weights = candidates.Weigh(out _);
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < Math.Min(weights.Length, Sample) - 1 && weights[i + 1] > LeastWeight; i++)
        {
            var t = ExactLog.Of((i + 2.0) / (i + 1.0));
            above += t * ExactLog.Of(weights[i] / weights[i + 1]);
            below += t * t;
        }

        if (below == 0 || above <= 0) return weights.Length;
        var s = above / below;
        var epsilon = s - 1;
        var tail = Math.Abs(epsilon) < 1e-9 ? 1 / ExactLog.Of(vocabularySize) : epsilon / (1 - ExactLog.Pow(vocabularySize, -epsilon));
        return (int)Math.Clamp(Math.Round(ExactLog.Pow(tail * ExactLog.Pow(2, AllowedSurprise), 1 / s)), 1, weights.Length);
    }
}
