using System.Diagnostics;
using Hotplug.EndToEndTests.Programs;
using Hotplug.EndToEndTests.Swapping;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug swap</c> and <c>hotplug place</c>: one process tells another, which goes on writing.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly CommandLine _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task A_process_that_writes_is_told_to_swap_and_to_place_and_writes_the_same_text()
    {
        var run = new Running(this);
        await run.Started;
        var next = _command.Workplace.CopyFolder(Path.Combine(Repository.CommandLine, "plugins", "cpu"), "cpu-0.2");
        SwapBench.SetVersion(next, "0.2.0");

        var swap = await AskAsync("swap", "cpu", "--from", next, "--probation", "4", "--wait");
        Assert.True(swap.ExitCode == 0, swap.Error);
        Assert.Contains("(version 0.2.0) is at work", swap.Output);
        Assert.Contains("is resident", swap.Output);
        Assert.Contains("1 migrated", swap.Output);

        var place = await AskAsync("place", "--backend", "cpu", "--policy", "recompute", "--pid", run.Process.Id.ToString());
        Assert.True(place.ExitCode == 0, place.Error);
        Assert.Contains("1 recomputed", place.Output);

        foreach (var (code, says, words) in new (int, string, string[])[]
        {
            (2, "no policy of a swap", ["swap", "cpu", "--policy", "perhaps"]),
            (3, "There is no backend 'nothing'", ["swap", "nothing"]),
            (3, "goes on where it was", ["place", "--backend", "nothing"]),
            (2, "No process 1 listens", ["swap", "cpu", "--pid", "1"]),
        })
        {
            var refused = await AskAsync(words);
            Assert.Equal(code, refused.ExitCode);
            Assert.Contains(says, refused.Error);
        }

        var text = await run.EndAsync();
        var reference = await _command.RunAsync(Words(2000));
        Assert.True(text.Length > 100, text);
        Assert.StartsWith(text[..Math.Min(text.Length, reference.Output.Length)], reference.Output);
        Assert.Equal(2, (await AskAsync("swap", "cpu")).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_others_may_enter_is_not_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights of folders are those of Unix.");
        var folder = Directory.CreateDirectory(Path.Combine(Runtime, "hotplug")).FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        var refused = await AskAsync("swap", "cpu");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("chmod 700", refused.Error);
        // Text is written all the same.
        var run = await ChildProcess.RunAsync(CommandLine.Program, [.. Words(3), "-v"], Environment);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("cannot reach this process", run.Error);
    }

    private string Runtime => Directory.CreateDirectory(Path.Combine(_command.Home, "r")).FullName;

    private Dictionary<string, string?> Environment => new(_command.Environment) { ["XDG_RUNTIME_DIR"] = Runtime };

    private static string[] Words(int tokens) => ["run", "Once upon a time", "--temp", "0", "--ignore-eos", "--slide", "--context", "256", "--backend", "cpu", "-n", tokens.ToString()];

    private Task<ChildProcess.Result> AskAsync(params string[] words) => ChildProcess.RunAsync(CommandLine.Program, words, Environment);

    /// <summary>A command that writes until it is ended.</summary>
    private sealed class Running
    {
        private readonly TaskCompletionSource<Process> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task<ChildProcess.Result> _result;

        public Running(ControlTests tests) => _result = ChildProcess.RunAsync(CommandLine.Program, Words(1_000_000), tests.Environment, _started.SetResult);

        public Task<Process> Started => _started.Task;

        public Process Process => _started.Task.Result;

        public async Task<string> EndAsync()
        {
            Process.Kill();
            return (await _result).Output;
        }
    }
}
