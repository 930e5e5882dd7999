namespace Hotplug.Inference.Sampling.Steps;

/// <summary>
/// Divides logits by the temperature. A dynamic one goes from <c>T − range</c> to <c>T + range</c> with the entropy of the candidates as a share of the largest they could have, to a
/// power. Smoothing then bends distances d below the best to <c>f·(k·d² + s·d³)</c>, k = (3 − curve)/2, s = (curve − 1)/2.
/// </summary>
internal sealed class TemperatureStep(SamplerOptions options) : ICandidateStep
{
    private const double Least = 1e-3;

    private readonly double _factor = options.SmoothingFactor, _square = (3 - (double)options.SmoothingCurve) / 2, _cube = ((double)options.SmoothingCurve - 1) / 2;

    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var scale = 1 / Temperature(candidates);
        var items = candidates.Items;
        var best = items[0].Logit;
        foreach (ref var item in items)
        {
            var distance = (best - item.Logit) * scale;
            if (_factor > 0) distance = Math.Min(_factor * distance * distance * (_square + _cube * distance), float.MaxValue);
            item.Logit = best * scale - distance;
        }

        // A strong curve may turn the order of near candidates around.
        if (_factor > 0 && _square < 0) candidates.Rank();
    }

    private double Temperature(CandidateList candidates)
    {
        if (options.DynamicTemperatureRange == 0 || candidates.Count < 2) return options.Temperature;
        var (low, high) = (Math.Max(Least, (double)options.Temperature - options.DynamicTemperatureRange), (double)options.Temperature + options.DynamicTemperatureRange);
        var weights = candidates.Weigh(out var total);
        var share = Math.Clamp(Entropy.Of(weights, total) / ExactLog.Of(weights.Length), 0, 1);
        return low + (high - low) * ExactLog.Pow(share, options.DynamicTemperatureExponent);
    }
}
