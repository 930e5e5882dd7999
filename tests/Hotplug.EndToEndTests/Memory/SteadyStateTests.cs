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
        // Windows of 64 steps: those of the executor alone, then those of a generator with its sampler.
        Assert.Equal(["0 0 0 0", "0 0 0 0"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
