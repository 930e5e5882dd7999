using Hotplug.EndToEndTests.Programs;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug quantize</c> writes a model that runs, or nothing; <c>hotplug perplexity</c> measures it.</summary>
public sealed class QuantizeTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task A_quantised_model_runs_and_foretells_about_as_well()
    {
        var (model, quantized, text) = (Path("model"), Path("quantized"), Path("text"));
        Forge.Write(new() { Architecture = "llama", Width = 256, FeedForward = 512, Heads = 4, KvHeads = 2 }, model);
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("once upon a time there was a king. ", 40)));
        var result = await command.RunAsync("quantize", model, quantized, "Q4_K_M", "--threads", "2");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("", result.Output);
        Assert.Contains("Q4_K_M", result.Error);
        Assert.True(new FileInfo(quantized).Length < new FileInfo(model).Length / 4);
        Assert.Equal(1, await PerplexityAsync(quantized, text) / await PerplexityAsync(model, text), 0.2);
    }

    [Fact]
    public async Task What_cannot_be_quantised_leaves_what_is_there_as_it_was()
    {
        var (model, there) = (Path("model"), Path("there"));
        Forge.Write(new() { Architecture = "llama" }, model);
        File.WriteAllText(there, "kept");
        await RefusedAsync(3, "--allow-requantize", Repository.StoryModel, there, "Q4_0");
        await RefusedAsync(3, "is the model that is read", model, model, "Q8_0");
        await RefusedAsync(2, "Q4_K_M", model, there, "Q9_9");
        await RefusedAsync(2, "there is no file", Path("missing"), there, "Q4_0");
        // An element that is no number, in the last tensor: most of the file is written by then.
        using (var file = File.OpenWrite(model))
        {
            file.Seek(-sizeof(float), SeekOrigin.End);
            file.Write(BitConverter.GetBytes(float.NaN));
        }
        await RefusedAsync(4, "NaN", model, there, "Q8_0");
        Assert.Equal("kept", File.ReadAllText(there));
        Assert.Empty(Directory.EnumerateFiles(command.Workplace.Folder, ".there*"));
    }

    private async Task RefusedAsync(int code, string says, params string[] words)
    {
        var result = await command.RunAsync(["quantize", .. words]);
        Assert.Contains(says, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal(code, result.ExitCode);
    }

    private async Task<double> PerplexityAsync(string model, string text)
    {
        var document = await command.JsonAsync("perplexity", model, text, "--context", "64", "--chunks", "2", "--json");
        Assert.Equal(62, document.GetProperty("tokensScored").GetInt32());
        return document.GetProperty("perplexity").GetDouble();
    }

    private string Path(string name) => System.IO.Path.Combine(command.Workplace.Folder, name);
}
