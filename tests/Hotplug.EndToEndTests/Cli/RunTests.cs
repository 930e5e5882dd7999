using Hotplug.EndToEndTests.Matrix;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug run</c>: the main job.</summary>
public sealed class RunTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_embedded_model_writes_what_the_reference_writes(int index)
    {
        var reference = StoryReference.All[index];
        var run = await command.JsonAsync("run", reference.Prompt, "--temp", "0", "-n", "48", "--kv-type", "f32", "--json");
        var certain = reference.Certain(48);
        Assert.Equal(reference.Tokens, run.GetProperty("promptTokens").EnumerateArray().Select(token => token.GetInt32()));
        Assert.Equal(certain, run.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()).Take(certain.Length));
        Assert.Equal("length", run.GetProperty("finish").GetString());
    }

    [Fact]
    public async Task Stdout_carries_the_text_and_nothing_else_however_much_is_said()
    {
        string[] words = ["run", "Once upon a time", "--temp", "0", "-n", "16", "--usemlock"];
        var document = await command.JsonAsync([.. words, "--json"]);
        var quiet = await command.RunAsync(words);
        var verbose = await command.RunAsync([.. words, "-v"]);
        Assert.Equal((0, document.GetProperty("text").GetString()), (quiet.ExitCode, quiet.Output));
        Assert.Equal((0, document.GetProperty("text").GetString()), (verbose.ExitCode, verbose.Output));
        Assert.Contains("locked", verbose.Error);
    }

    [Fact]
    public async Task With_a_seed_the_text_is_the_same_again()
    {
        var texts = new List<string>();
        foreach (var seed in new[] { "7", "7", "8" }) texts.Add((await command.RunAsync("run", "Once upon a time", "-n", "24", "--seed", seed)).Output);
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
    }

    [Fact]
    public async Task Locking_without_mapping_loads_by_the_spellings_of_others()
    {
        var locked = (await command.JsonAsync("run", "Once", "-n", "2", "--json", "--usemlock", "--gpulayers", "0", "--contextsize", "64")).GetProperty("receipt");
        Assert.Equal(("auto", "try"), (locked.GetProperty("map").GetString(), locked.GetProperty("lock").GetString()));
        Assert.Contains(locked.GetProperty("notices").EnumerateArray(), notice => notice.GetString()!.Contains("map auto was chosen"));

        var copied = (await command.JsonAsync("run", "Once", "-n", "2", "--json", "--usemlock", "--nommap")).GetProperty("receipt");
        Assert.Equal(("off", 0), (copied.GetProperty("map").GetString(), copied.GetProperty("mapped").GetInt64()));
        Assert.Equal(locked.GetProperty("locked").GetInt64() == 0, copied.GetProperty("locked").GetInt64() == 0);
    }

    [Fact]
    public async Task However_often_it_runs_the_user_has_one_copy_of_a_plugin_and_one_hold_on_it()
    {
        for (var i = 0; i < 3; i++) Assert.Equal(0, (await command.RunAsync("run", "Once", "-n", "1")).ExitCode);
        // The plugin that runs, and the others that were only asked whether they can.
        foreach (var plugin in Directory.EnumerateDirectories(Path.Combine(command.Home, "hotplug", "plugins")))
            Assert.Single(Directory.EnumerateFiles(plugin, "*.hold", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateFiles(command.Home, "Hotplug.Cpu.dll", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Interrupted_it_says_130_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends a signal.");
        // What a run that ends by itself leaves: the user's copy of the plugin.
        Assert.Equal(0, (await command.RunAsync("run", "Once", "-n", "1")).ExitCode);
        var before = Left();
        // The launcher has no time to tidy up after its own runtime.
        var environment = new Dictionary<string, string?>(command.Environment) { ["DOTNET_EnableDiagnostics"] = "0" };
        string[] words = ["run", "Once upon a time", "-n", "1000000", "--ignore-eos", "--slide"];
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["interruptible", ChildProcess.DotNet, CommandLine.Program, .. words], environment, ChildProcess.Interrupt);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("cancelled", result.Error);
        Assert.NotEqual("", result.Output);
        Assert.Equal(before, Left());

        IEnumerable<string> Left() => [.. Directory.EnumerateFileSystemEntries(command.Workplace.Folder, "*", SearchOption.AllDirectories)
            // Names which process used the copy last; the next one that uses it takes it away.
            .Where(path => !path.EndsWith(".hold", StringComparison.Ordinal)).Order()];
    }
}
