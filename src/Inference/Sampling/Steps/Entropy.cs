namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Entropy in nats, the same on every machine.</summary>
internal static class Entropy
{
    /// <summary>−ln p; large where p is nothing.</summary>
    public static double Surprise(double probability) => probability > 0 ? -ExactLog.Of(probability) : -ExactExp.Least;

    /// <summary>The expected surprise of weights with a sum.</summary>
    public static double Of(ReadOnlySpan<double> weights, double total)
    {
        var entropy = 0.0;
        foreach (var weight in weights)
            if (weight / total is > 0 and var probability) entropy += probability * Surprise(probability);
        return entropy;
    }
}
