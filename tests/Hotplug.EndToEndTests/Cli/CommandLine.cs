using System.Text.Json;
using Hotplug.EndToEndTests.Programs;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>The command line as its user meets it: a process of its own, with a home of its own.</summary>
public sealed class CommandLine : IDisposable
{
    private readonly Workplace _workplace = new();

    public CommandLine() => Home = _workplace.NewFolder("home");

    /// <summary>Folder that the command line takes for the user's data.</summary>
    public string Home { get; }

    internal Workplace Workplace => _workplace;

    internal static string Program => Path.Combine(Repository.CommandLine, "hotplug.dll");

    internal Dictionary<string, string?> Environment => new() { ["HOME"] = Home, ["XDG_DATA_HOME"] = Home, ["TMPDIR"] = _workplace.Folder };

    internal Task<ChildProcess.Result> RunAsync(params string[] arguments) => ChildProcess.RunAsync(Program, arguments, Environment);

    /// <summary>Runs a command that has to succeed and to print one JSON document.</summary>
    internal async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Xunit.Assert.True(result.ExitCode == 0, result.Error);
        return JsonElement.Parse(result.Output);
    }

    /// <summary>Skips a test of what happens without a GPU on a machine that has one.</summary>
    internal async Task SkipWithGpuAsync()
        => Xunit.Assert.SkipWhen((await JsonAsync("devices", "--json")).GetProperty("devices").EnumerateArray().Any(device => device.GetProperty("kind").GetString() != "Cpu"), "There is a GPU here.");

    public void Dispose() => _workplace.Dispose();
}
