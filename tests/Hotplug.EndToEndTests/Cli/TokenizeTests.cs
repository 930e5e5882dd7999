using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug tokenize</c> takes texts as they are.</summary>
public sealed class TokenizeTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task An_empty_text_has_no_tokens() => Assert.Equal("[]", await TokensAsync(""));

    [Theory]
    [InlineData("-v")]
    [InlineData("--help")]
    [InlineData("@x")]
    [InlineData("--text=x")]
    [InlineData("\"a: b=c\"")]
    [InlineData("--")]
    [InlineData("two\nlines")]
    public async Task A_text_is_taken_literally(string text)
    {
        var file = Path.Combine(command.Workplace.Folder, $"{Guid.NewGuid():n}.txt");
        File.WriteAllText(file, text);
        var byFile = (await command.RunAsync("tokenize", "--file", file, "--no-bos")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var byText = await TokensAsync(text);
        // A file has an array for each line; the text has one, on one line.
        if (byFile.Length == 1) Assert.Equal(byFile[0], byText);
        Assert.StartsWith("[", byText);
        Assert.NotEqual("[]", byText);
        Assert.DoesNotContain('\n', byText);
    }

    [Fact]
    public async Task The_prompt_of_the_reference_has_its_tokens_and_begins_a_text_unless_told_otherwise()
    {
        Assert.Equal("[2034,722,262,524]", await TokensAsync("Once upon a time"));
        Assert.Equal("[1,2034,722,262,524]", (await command.RunAsync("tokenize", "--text", "Once upon a time")).Output.TrimEnd());
    }

    private async Task<string> TokensAsync(string text)
    {
        var result = await command.RunAsync("tokenize", "--text", text, "--no-bos");
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.TrimEnd();
    }
}
