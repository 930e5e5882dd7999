using System.Globalization;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Memory;

/// <summary>Loading by map is instant because it brings nothing in.</summary>
public sealed class ResidencyTests
{
    [Fact]
    public Task Before_the_prompt_hardly_anything_of_the_story_model_is_resident() => CheckAsync(Repository.StoryModel, 128 << 10);

    [Fact]
    public async Task Before_the_prompt_less_than_2_MiB_of_a_real_model_are_resident()
    {
        var model = Repository.FindShared("models", "SmolLM2-135M-Instruct.Q4_1.gguf");
        Assert.SkipWhen(model is null, "There is no SmolLM2 in the shared material; set HOTPLUG_SHARED to its folder.");
        await CheckAsync(model, 2 << 20);
    }

    private static async Task CheckAsync(string model, long bound)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/smaps and drops pages as Linux does.");
        using var workplace = new Workplace();
        var copy = workplace.CopyFile(model, "model.gguf");
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"), ["resident", copy, workplace.NewFolder("cache")]);
        Assert.True(result.ExitCode == 0, result.Error);
        var numbers = result.Output.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (mapped, loaded, written) = (numbers[0], numbers[1], numbers[2]);

        Assert.InRange(mapped, new FileInfo(model).Length * 9 / 10, long.MaxValue);
        Assert.InRange(loaded, 0, bound - 1);
        // The measure measures: a token needs nearly all weights.
        Assert.InRange(written, mapped / 2, mapped);
    }
}
