using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug embed</c> makes vectors with models that do, and tells the others apart.</summary>
public sealed class EmbedTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task A_text_becomes_one_array_of_length_one_which_is_that_of_its_tokens()
    {
        var model = Forged();
        var text = await VectorAsync(model, "--text", "a tale");
        Assert.Equal(64, text.Length);
        Assert.Equal(1, text.Sum(x => x * x), 1e-5);
        var tokens = (await command.RunAsync("tokenize", model, "--text", "a tale")).Output.Trim().Trim('[', ']');
        Assert.Equal(text, await VectorAsync(model, "--tokens", tokens));
        Assert.NotEqual(text, await VectorAsync(model, "--text", "another"));
    }

    [Fact]
    public async Task Models_of_the_other_kind_are_refused_with_what_to_do()
    {
        var model = Forged();
        await RefusedAsync($"hotplug embed {model}", "run", model, "Once");
        await RefusedAsync("bert", "embed", Repository.StoryModel, "--text", "Once");
        await RefusedAsync("--text TEXT", "embed", model);
    }

    private async Task<double[]> VectorAsync(string model, params string[] words)
    {
        var result = await command.RunAsync(["embed", model, .. words]);
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\n', result.Output.TrimEnd());
        return JsonSerializer.Deserialize<double[]>(result.Output)!;
    }

    private async Task RefusedAsync(string says, params string[] words)
    {
        var result = await command.RunAsync(words);
        Assert.Equal("", result.Output);
        Assert.Contains(says, result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    private string Forged()
    {
        var path = Path.Combine(command.Workplace.Folder, $"{Guid.NewGuid():n}.gguf");
        Forge.Write(new() { Architecture = "bert", KvHeads = 4 }, path);
        return path;
    }
}
