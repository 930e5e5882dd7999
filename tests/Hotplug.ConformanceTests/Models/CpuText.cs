using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>What Cpu makes of a prompt, as the reference that other devices are held to: closer than one of another program can be.</summary>
internal static class CpuText
{
    /// <summary>Continues the prompt of a case greedily on Cpu.</summary>
    /// <param name="host">Loads the model.</param>
    /// <param name="path">The model.</param>
    /// <param name="given">The case; of it the prompt is taken.</param>
    /// <param name="tokens">Length of the continuation.</param>
    public static async Task<ReferenceCase> OfAsync(ConformanceHost host, string path, ReferenceCase given, int tokens)
    {
        using var model = await host.LoadAsync(path, "cpu", context: 512, outputs: 1);
        var last = model.Append(given.Prompt).ToArray();
        var (greedy, gaps) = (new int[tokens], new double[tokens]);
        ReadOnlySpan<float> row = last;
        for (var i = 0; i < tokens; i++)
        {
            (greedy[i], gaps[i]) = Best(row);
            row = model.Append(greedy.AsSpan(i, 1));
        }
        return given with { Greedy = greedy, Gaps = gaps, Logits = last };
    }

    private static (int Token, double Gap) Best(ReadOnlySpan<float> row)
    {
        Assert.True(row.Length > 1);
        var (best, second) = (0, float.NegativeInfinity);
        for (var i = 1; i < row.Length; i++)
            if (row[i] > row[best]) (best, second) = (i, row[best]);
            else if (row[i] > second) second = row[i];
        return (best, row[best] - (double)second);
    }
}
