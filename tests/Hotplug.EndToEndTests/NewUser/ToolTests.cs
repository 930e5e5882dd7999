using Hotplug.EndToEndTests.Cli;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.NewUser;

/// <summary>The command as a .NET tool: one package, with the plugins and the small model.</summary>
public sealed class ToolTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task The_command_is_installed_from_its_package_and_runs()
    {
        var (feed, tools) = (command.Workplace.NewFolder("feed"), command.Workplace.NewFolder("tools"));
        var version = $"0.0.1-test.{Environment.ProcessId}";
        await DotNetAsync("pack", Path.Combine(Repository.Root, "src", "Cli", "Cli.csproj"), "-c", Repository.Configuration, "--no-build", "-o", feed, $"-p:PackageVersion={version}");
        await DotNetAsync("tool", "install", "Hotplug.Cli", "--tool-path", tools, "--source", feed, "--version", version);
        Assert.Contains(Directory.GetFiles(tools).Select(Path.GetFileName), name => name is "hotplug" or "hotplug.exe");
        var program = Assert.Single(Directory.GetFiles(tools, "hotplug.dll", SearchOption.AllDirectories));
        foreach (var plugin in new[] { "cpu", "gpu", "metal" }) Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "plugins", plugin, "plugin.json")), plugin);
        var run = await ChildProcess.RunAsync(program, ["run", "Once upon a time", "--temp", "0", "-n", "8"], command.Environment);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal((await command.RunAsync("run", "Once upon a time", "--temp", "0", "-n", "8")).Output, run.Output);
    }

    private async Task DotNetAsync(params string[] words)
    {
        var environment = new Dictionary<string, string?> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["MSBUILDDISABLENODEREUSE"] = "1", ["TMPDIR"] = command.Workplace.Folder };
        // What the runner of these tests tells its children is not for others.
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if ((name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)) && !environment.ContainsKey(name)) environment[name] = null;
        var result = await ChildProcess.RunAsync(words[0], words[1..], environment);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }
}
