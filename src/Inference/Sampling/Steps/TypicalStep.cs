namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Locally typical sampling: the candidates whose surprise is nearest to the entropy, until they hold the share p.</summary>
internal sealed class TypicalStep(double p, int capacity) : ICandidateStep
{
    private static readonly Comparison<(double Distance, int At)> ByDistance = static (a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.At.CompareTo(b.At);

    private readonly (double Distance, int At)[] _order = new (double, int)[capacity];
    private readonly bool[] _kept = new bool[capacity];

    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var weights = candidates.Weigh(out var total);
        var entropy = Entropy.Of(weights, total);
        for (var i = 0; i < weights.Length; i++) _order[i] = (Math.Abs(Entropy.Surprise(weights[i] / total) - entropy), i);
        var order = _order.AsSpan(0, weights.Length);
        order.Sort(ByDistance);
        var kept = _kept.AsSpan(0, weights.Length);
        kept.Clear();
        var sum = 0.0;
        foreach (var (_, at) in order)
        {
            kept[at] = true;
            if ((sum += weights[at]) > p * total) break;
        }

        candidates.KeepWhere(kept);
    }
}
