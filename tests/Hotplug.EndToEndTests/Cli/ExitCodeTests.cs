using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>What goes wrong is told apart by exit code, said on stderr with what to do instead, and never ends in a stack trace.</summary>
public sealed class ExitCodeTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Theory]
    [InlineData(2, "there is no file", "run", "missing.gguf", "Once")]
    [InlineData(2, "hotplug run --help", "run")]
    [InlineData(2, "There is no option '--temperature'", "run", "Once", "--temperature", "0")]
    [InlineData(2, "There is no option '--bogus'", "plan", "--bogus")]
    [InlineData(2, "auto, require, off", "run", "Once", "--mmap", "sometimes")]
    [InlineData(2, "contradicts", "run", "Once", "--usemmap", "--nommap")]
    [InlineData(2, "There is no backend 'nowhere'. There are: cpu", "plan", "--place", "blk.*=nowhere")]
    [InlineData(2, "hotplug --help", "nonsense")]
    [InlineData(3, "token_embd.weight", "run", "Once", "--max-allocation", "1MiB")]
    [InlineData(3, "token_embd.weight", "plan", "--max-allocation", "1MiB")]
    public async Task A_wrong_command_is_answered(int code, string says, params string[] words) => await CheckAsync(code, says, words);

    [Fact]
    public async Task A_lock_that_a_device_cannot_promise_is_refused_with_what_to_do_instead()
        => await CheckAsync(3, "use `--mlock try`", "run", "Once", "--backend", "far", "--mlock", "require", "--plugins", Path.Combine(Repository.Matrix, "plugins"));

    [Fact]
    public async Task A_model_without_a_prompt_is_answered_with_what_to_type()
        => await CheckAsync(2, $"hotplug run {Repository.StoryModel} \"Once upon a time\"", "run", Repository.StoryModel);

    [Fact]
    public async Task A_file_that_is_no_model_is_named_with_the_place_of_the_fault()
    {
        var path = Path.Combine(command.Workplace.Folder, "noise.gguf");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 37))]);
        await CheckAsync(4, "magic at byte 0", "run", path, "Once");
    }

    [Fact]
    public async Task A_model_that_was_cut_short_is_named_with_the_tensor_that_is_missing()
    {
        var path = command.Workplace.CopyFile(Repository.StoryModel, "cut.gguf");
        using (var file = File.OpenWrite(path)) file.SetLength(3_000_000);
        await CheckAsync(4, "the file ends after", "run", path, "Once");
    }

    private async Task CheckAsync(int code, string says, params string[] words)
    {
        var result = await command.RunAsync(words);
        Assert.Equal("", result.Output);
        Assert.Contains(says, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal(code, result.ExitCode);
    }
}
