using Hotplug.Inference.Sampling;

namespace Hotplug.UnitTests.Sampling;

/// <summary>The documented steps, each in full and in order: sorting everything, and with the platform's own functions.</summary>
internal sealed class NaiveSampler(SamplerOptions options)
{
    private readonly List<int> _recent = [];
    private Xoshiro256 _random = new(options.Seed);

    public int Sample(float[] logits)
    {
        var penalised = (float[])logits.Clone();
        foreach (var recent in _recent.TakeLast(options.RepetitionWindow).Distinct())
            penalised[recent] = logits[recent] > 0 ? logits[recent] / options.RepetitionPenalty : logits[recent] * options.RepetitionPenalty;

        var ranked = Enumerable.Range(0, logits.Length).OrderByDescending(id => penalised[id]).ThenBy(id => id).ToList();
        var token = options.Temperature == 0 ? ranked[0] : Draw(penalised, Filter(penalised, ranked));
        _recent.Add(token);
        return token;
    }

    public List<int> Filter(float[] logits, List<int> ranked)
    {
        double Weight(int token) => Math.Exp((double)logits[token] - logits[ranked[0]]);
        if (options.TopK > 0) ranked = [.. ranked.Take(options.TopK)];
        if (options.TopP < 1)
        {
            var total = ranked.Sum(Weight);
            var (sum, count) = (0.0, 0);
            while (count < ranked.Count && (count == 0 || sum < options.TopP * total)) sum += Weight(ranked[count++]);
            ranked = [.. ranked.Take(count)];
        }

        return [.. ranked.Where(token => Weight(token) >= options.MinP)];
    }

    private int Draw(float[] logits, List<int> kept)
    {
        kept.Sort();
        var max = kept.Max(token => logits[token]);
        var weights = kept.ConvertAll(token => Math.Exp(((double)logits[token] - max) / options.Temperature));
        var target = _random.NextUnit() * weights.Sum();
        var sum = 0.0;
        for (var i = 0; i < kept.Count; i++)
            if ((sum += weights[i]) > target) return kept[i];
        return kept[^1];
    }
}
