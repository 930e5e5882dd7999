using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Memory;

/// <summary>A token allocates nothing that a garbage collector would have to find again.</summary>
public sealed class SteadyStateTests
{
    private static readonly string[] Who = ["the executor alone", "a generator with its sampler"];

    /// <summary>
    /// Windows of 64 steps each. The count is the process's, so now and then the runtime itself shows in it (the event of a lock that two threads wanted at the same time), in another
    /// window each time. What a token, a page or a growing list allocates is in the same window of every run: only that counts. Methods are compiled once and for all: the thread that
    /// would compile them again is managed, and on a slow machine it starts in the first window of every run.
    /// </summary>
    [Fact]
    public async Task Decoding_on_cpu_allocates_no_managed_byte_per_token()
    {
        var least = Array.Empty<long[]>();
        for (var run = 0; run < 3 && (run == 0 || least.Any(windows => windows.Any(bytes => bytes != 0))); run++)
        {
            var counts = await CountAsync();
            Assert.All(counts, windows => Assert.Equal(8, windows.Length));
            least = run == 0 ? counts : [.. least.Zip(counts, (some, others) => some.Zip(others, Math.Min).ToArray())];
        }
        foreach (var (windows, who) in least.Zip(Who)) Assert.True(windows.All(bytes => bytes == 0), $"Bytes allocated by {who}, in windows of 64 steps, in every run: {string.Join(' ', windows)}");
    }

    private static async Task<long[][]> CountAsync()
    {
        using var workplace = new Workplace();
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"), ["steady", Repository.StoryModel, workplace.NewFolder("cache")],
            new Dictionary<string, string?> { ["DOTNET_TieredCompilation"] = "0" });
        Assert.True(result.ExitCode == 0, result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Who.Length, lines.Length);
        return [.. lines.Select(line => line.Split(' ').Select(long.Parse).ToArray())];
    }
}
