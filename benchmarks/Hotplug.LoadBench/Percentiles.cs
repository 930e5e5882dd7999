namespace Hotplug.LoadBench;

/// <summary>What half, 95 and 99 of a hundred values are at most, and all.</summary>
internal sealed record Percentiles(double Half, double Most, double Nearly, double All)
{
    public static Percentiles Of(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        float At(double share) => sorted.Length == 0 ? float.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
        return new(At(0.5), At(0.95), At(0.99), At(1));
    }
}
