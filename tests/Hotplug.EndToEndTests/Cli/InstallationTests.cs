using Hotplug.EndToEndTests.Matrix;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>An installation belongs to whoever made it, and anybody may run it.</summary>
public sealed class InstallationTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task It_runs_where_nothing_can_be_written_and_for_a_user_without_a_home()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Changes rights and users as Unix does.");
        if (command.Workplace.WhyNotForEverybody() is { } closed) Assert.Skip(closed);
        var installed = command.Workplace.CopyFolder(Repository.CommandLine, "installed");
        Workplace.Seal(installed);
        var environment = new Dictionary<string, string?> { ["HOME"] = "/nonexistent", ["XDG_DATA_HOME"] = null, ["TMPDIR"] = null };
        string[] words = ["run", "Once upon a time", "--temp", "0", "-n", "8", "--json", "--kv-type", "f32"];
        var program = Path.Combine(installed, "hotplug.dll");
        // Root may write anywhere, so there it has to be another user.
        var result = Environment.IsPrivilegedProcess
            ? await ChildProcess.RunAsync(Path.Combine(command.Workplace.CopyFolder(Repository.Matrix, "launcher"), "Hotplug.PolicyMatrix.dll"), ["nobody", ChildProcess.DotNet, program, .. words], environment)
            : await ChildProcess.RunAsync(program, words, environment);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(StoryReference.All[0].Certain(8), System.Text.Json.JsonElement.Parse(result.Output).GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()));
    }
}
