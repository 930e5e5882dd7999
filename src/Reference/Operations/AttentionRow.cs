using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Reference.Operations;

/// <summary>One query head over the keys and values of one KV head.</summary>
internal static class AttentionRow
{
    /// <summary>True if a query at position <paramref name="query"/> sees a key at position <paramref name="key"/>.</summary>
    public static bool Sees(AttentionParameters parameters, int query, int key)
        => (!parameters.Causal || key <= query) && (parameters.Window == 0 || key > query - parameters.Window);

    /// <summary>Writes the weight of every key into <paramref name="weights"/>; they sum to 1, less what the sink takes, or are all 0.</summary>
    /// <param name="parameters">Scale and masks.</param>
    /// <param name="query">The query.</param>
    /// <param name="position">Its position.</param>
    /// <param name="keys">Keys, one behind the other.</param>
    /// <param name="positions">Their positions.</param>
    /// <param name="sink">The sink's score, or null.</param>
    /// <param name="weights">One per key.</param>
    public static void Weigh(AttentionParameters parameters, ReadOnlySpan<double> query, int position, ReadOnlySpan<double> keys,
        ReadOnlySpan<double> positions, double? sink, Span<double> weights)
    {
        var largest = double.NegativeInfinity;
        for (var c = 0; c < weights.Length; c++)
        {
            weights[c] = double.NegativeInfinity;
            if (!Sees(parameters, position, (int)positions[c])) continue;
            var score = parameters.Scale * DotProduct.Of(query, keys.Slice(c * query.Length, query.Length));
            if (parameters.SoftCap != 0) score = parameters.SoftCap * Math.Tanh(score / parameters.SoftCap);
            weights[c] = score;
            largest = Math.Max(largest, score);
        }
        if (double.IsNegativeInfinity(largest))
        {
            weights.Clear();
            return;
        }
        if (sink is { } s) largest = Math.Max(largest, s);
        var sum = sink is { } score0 ? Math.Exp(score0 - largest) : 0;
        foreach (ref var weight in weights)
        {
            weight = Math.Exp(weight - largest);
            sum += weight;
        }
        foreach (ref var weight in weights) weight /= sum;
    }

    /// <summary>output = Σ weight·value.</summary>
    public static void Combine(ReadOnlySpan<double> weights, ReadOnlySpan<double> values, Span<double> output)
    {
        output.Clear();
        for (var c = 0; c < weights.Length; c++)
        {
            // A cell that is not seen may hold anything, NaN included.
            if (weights[c] == 0) continue;
            var value = values.Slice(c * output.Length, output.Length);
            for (var i = 0; i < output.Length; i++) output[i] += weights[c] * value[i];
        }
    }
}
