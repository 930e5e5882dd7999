using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Memory;

/// <summary>A token allocates nothing that a garbage collector would have to find again.</summary>
public sealed class SteadyStateTests
{
    [Fact]
    public async Task Decoding_on_cpu_allocates_no_managed_byte_per_token()
    {
        using var workplace = new Workplace();
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"), ["steady", Repository.StoryModel, workplace.NewFolder("cache")]);
        Assert.True(result.ExitCode == 0, result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        CheckNothing(lines[0], "the executor alone");
        CheckNothing(lines[1], "a generator with its sampler");
    }

    /// <summary>
    /// Windows of 64 steps each. What a token, a page or a growing list allocates shows in every window or in most; one window is granted to the runtime, which now and then makes something of
    /// its own once (the event of a lock that two threads wanted at the same time), and even there it has to be less than a byte per token.
    /// </summary>
    private static void CheckNothing(string line, string who)
    {
        var windows = line.Split(' ').Select(long.Parse).Order().ToArray();
        Assert.True(windows.Length == 8 && windows[^2] == 0 && windows[^1] < 64, $"Bytes allocated by {who}, in windows of 64 steps: {line}");
    }
}
