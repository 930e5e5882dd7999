using System.Text.Json;
using Hotplug.EndToEndTests.Matrix;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug run --save</c> in one process, <c>--restore</c> in another, on another device.</summary>
public sealed class SaveTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const string Beginning = " there was a king";
    private static readonly string[] Far = ["--plugins", Path.Combine(Repository.Matrix, "plugins")];

    [Theory]
    [InlineData("cpu", "far", 8)]
    [InlineData("far", "cpu", 8)]
    [InlineData("cpu", "gpu:cpu-emulation", 3)]
    public async Task Another_process_goes_on_on_another_device_and_evaluates_no_token_of_the_prompt(string from, string to, int count)
    {
        var reference = StoryReference.All[0];
        var file = Path.Combine(command.Workplace.Folder, $"{from}-{to.Replace(':', '-')}");
        string[] words = ["-n", $"{count}", "--json", .. Far];
        var saved = await command.JsonAsync(["run", reference.Prompt, "--temp", "0", "--kv-type", "f32", "--save", file, "--backend", from, .. words]);
        var restored = await command.JsonAsync(["run", "--restore", file, "--backend", to, .. words]);

        var expected = reference.Certain(2 * count);
        int[] tokens = [.. Ints(saved, "tokens"), .. Ints(restored, "tokens")];
        Assert.Equal(2 * count, tokens.Length);
        Assert.Equal(expected, tokens.Take(expected.Length));
        // The prompt and all but the last token are in the cells; the last is what the first step evaluates.
        Assert.Equal((reference.Tokens.Length + count, count), (restored.GetProperty("restoredTokens").GetInt32(), restored.GetProperty("evaluatedTokens").GetInt32()));
        // The text of both is the text of one, whatever the model wants to say.
        Assert.StartsWith(Beginning, saved.GetProperty("text").GetString() + restored.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_can_not_be_is_said_in_a_line()
    {
        var file = Path.Combine(command.Workplace.Folder, "story");
        Assert.Equal(0, (await command.RunAsync("run", "Once upon a time", "-n", "2", "--save", file)).ExitCode);
        await Refused(2, "no prompt", "run", "--restore", file, "And then");
        await Refused(2, "--seed", "run", "--restore", file, "--seed", "3");
        await Refused(2, "no file", "run", "--restore", file + "x");
        await Refused(2, "no effect", "run", "Once", "--restore-cache", "convert");
        await Refused(4, "--restore-cache", "run", "--restore", file, "--kv-type", "f32");
        await Refused(2, "no saved generation", "run", "Once", "-n", "1", "--save", Repository.StoryModel);
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..^1], TestContext.Current.CancellationToken);
        await Refused(4, "length", "run", "--restore", file);
    }

    private async Task Refused(int code, string said, params string[] words)
    {
        var result = await command.RunAsync(words);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(said, result.Error);
    }

    private static IEnumerable<int> Ints(JsonElement document, string name) => document.GetProperty(name).EnumerateArray().Select(e => e.GetInt32());
}
