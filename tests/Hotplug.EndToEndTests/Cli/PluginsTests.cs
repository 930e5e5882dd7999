using System.IO.Compression;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug plugins</c>: a plugin comes as an archive, runs, is pinned, and goes.</summary>
public sealed class PluginsTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task A_plugin_is_installed_pinned_run_changed_refused_and_removed()
    {
        var archive = Path.Combine(command.Workplace.Folder, "far.zip");
        ZipFile.CreateFromDirectory(Path.Combine(Repository.Matrix, "plugins", "far"), archive, CompressionLevel.Fastest, includeBaseDirectory: true);
        var folder = Path.Combine(command.Workplace.Folder, "installed");
        var installed = await command.JsonAsync("plugins", "install", archive, "--in", folder, "--pin", "--json");
        Assert.Equal(("far", true), (installed.GetProperty("installed").GetProperty("id").GetString(), installed.GetProperty("installed").GetProperty("isPinned").GetBoolean()));
        string[] run = ["run", "Once", "--backend", "far", "-n", "1", "--plugins", folder];
        Assert.Equal(0, (await command.RunAsync(run)).ExitCode);

        var listed = await command.JsonAsync("plugins", "list", "--plugins", folder, "--json");
        Assert.True(listed.GetProperty("plugins").EnumerateArray().Single(p => p.GetProperty("id").GetString() == "far").GetProperty("pinned").GetBoolean());
        Assert.Equal(3, (await command.RunAsync("plugins", "install", archive, "--in", folder)).ExitCode);

        var dll = Path.Combine(folder, "far", "Hotplug.FarMemory.dll");
        var good = await File.ReadAllBytesAsync(dll, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(dll, [.. good[..^1], (byte)(good[^1] ^ 1)], TestContext.Current.CancellationToken);
        var verified = await command.RunAsync("plugins", "verify", "--plugins", folder);
        Assert.Equal(3, verified.ExitCode);
        Assert.Contains("BadHash", verified.Output);
        Assert.NotEqual(0, (await command.RunAsync(run)).ExitCode);
        await File.WriteAllBytesAsync(dll, good, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await command.RunAsync("plugins", "verify", "--plugins", folder)).ExitCode);

        var required = await command.RunAsync("run", "Once", "--backend", "cpu", "-n", "1", "--pinning", "require");
        Assert.Equal(2, required.ExitCode);
        Assert.Contains("hotplug plugins pin cpu", required.Error);

        var removed = await command.RunAsync("plugins", "remove", "far", "--in", folder);
        Assert.Equal(0, removed.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(folder, "far")));
        Assert.Equal(3, (await command.RunAsync("plugins", "remove", "far", "--in", folder)).ExitCode);
        Assert.Contains("hotplug plugins remove --help", (await command.RunAsync("plugins", "remove")).Error);
    }
}
