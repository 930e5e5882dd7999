using System.Text.Json.Nodes;
using Hotplug.EndToEndTests.Cli;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.NewUser;

/// <summary>What the README tells a new user to do, done.</summary>
public sealed class NewUserTests(CommandLine command) : IClassFixture<CommandLine>
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_ten_lines_of_the_readme_are_the_program_of_the_sample()
    {
        var program = File.ReadAllText(Path.Combine(Repository.Root, "samples", "Chat", "Program.cs")).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{program}```", Readme, StringComparison.Ordinal);
        Assert.Equal(10, program.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line)));
    }

    [Fact]
    public async Task The_ten_lines_run_and_write_text()
    {
        var result = await ChildProcess.RunAsync(Repository.ChatSample, [], command.Environment);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(result.Output.Length > 20, result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_server_is_started_as_the_readme_says_and_text_streams()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ends the server by a signal.");
        const string Typed = "dotnet run -c Release --project src/Cli -- serve";
        Assert.Contains(Typed, Readme, StringComparison.Ordinal);
        // The same, but for what keeps tests apart: what is built is not built again, and a port that is free.
        var words = Typed.Replace("Release", Repository.Configuration, StringComparison.Ordinal).Replace("dotnet run", "run --no-build", StringComparison.Ordinal).Split(' ');
        var environment = new Dictionary<string, string?>(command.Environment) { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["MSBUILDDISABLENODEREUSE"] = "1" };
        await using var server = await ServingProcess.StartAsync([.. words, "--port", "0"], environment);

        using var ready = await server.Client.GetAsync("/health/ready");
        Assert.Equal((200, "ready"), ((int)ready.StatusCode, (string?)JsonNode.Parse(await ready.Content.ReadAsStringAsync())!["status"]));
        var pieces = await server.ChatAsync("Once upon a time", 16);
        Assert.True(pieces.Count > 4);
        Assert.Equal(0, await server.EndAsync());
    }
}
