using System.Globalization;
using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Hotplug.ModelForge;
using Hotplug.PolicyMatrix.Swapping;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>
/// Swaps at random moments under concurrent generations, each kind in a process of its own so that threads, mappings and memory can be counted. 200 swaps in all; the environment variable
/// HOTPLUG_SOAK multiplies them, HOTPLUG_SEED chooses other moments.
/// </summary>
public sealed class RandomSwapTests
{
    private const int Writers = 8;

    private static int Soak => int.TryParse(Environment.GetEnvironmentVariable("HOTPLUG_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0 ? times : 1;

    private static string Seed => Environment.GetEnvironmentVariable("HOTPLUG_SEED") ?? "1";

    [Theory]
    [InlineData("cpu", 128)]
    [InlineData("far", 48)]
    [InlineData("gpu:cpu-emulation", 24)]
    public async Task No_request_fails_no_text_differs_and_nothing_grows(string other, int swaps)
    {
        using var workplace = new Workplace();
        workplace.NewFolder("plugins");
        workplace.NewFolder("next");
        foreach (var plugin in new[] { "cpu", "far", "gpu" }) workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", plugin), Path.Combine("plugins", plugin));
        SwapBench.SetVersion(workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", "cpu"), Path.Combine("next", "cpu")), "0.2.0");

        // ILGPU's emulator takes a second for a token of the story model.
        var model = Repository.StoryModel;
        if (other.StartsWith("gpu", StringComparison.Ordinal)) Forge.Write(new() { Architecture = "llama", Context = 64 }, model = Path.Combine(workplace.Folder, "tiny.gguf"));
        swaps *= Soak;
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["swaps", other, model, workplace.Folder, Seed, swaps.ToString(CultureInfo.InvariantCulture), Writers.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string?> { ["HOME"] = workplace.Folder }, patience: TimeSpan.FromMinutes(5 * Soak));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = JsonSerializer.Deserialize(result.Output, SwapJson.Default.SwapReport)!;

        Assert.Empty(report.Failures);
        Assert.Empty(report.Differences);
        Assert.True(report.Requests >= Writers, result.Output);
        Assert.True(report.Sessions.GetValueOrDefault("Migrated") > 0 && (swaps < 40 || report.Sessions.GetValueOrDefault("Recomputed") > 0), result.Output);
        Assert.Empty(report.Holders);
        Assert.DoesNotContain(report.Retired, r => r.Key.EndsWith("Faulted", StringComparison.Ordinal));
        // A pinned plugin has one context per content; of the others none is left behind.
        Assert.DoesNotContain(report.Retired, r => r.Key == "far Resident");
        Assert.Equal(other == "cpu" ? 2 : 1, report.Contexts["Hotplug.Cpu"]);
        if (other == "far") Assert.True(report.Retired["far Unloaded"] == swaps / 6 && report.Contexts.GetValueOrDefault("Hotplug.FarMemory") == 1, result.Output);
        if (other.StartsWith("gpu", StringComparison.Ordinal)) Assert.True(report.Retired["gpu Unloaded"] == swaps / 6 && report.Contexts.GetValueOrDefault("Hotplug.Gpu.ILGPU") == 1, result.Output);

        // Both counts are taken with everything at work; some more of anything is what a moment differs from another. A thread left behind by each swap would be 18 more at least.
        Assert.InRange(report.Late.Threads, 1, report.Early.Threads + 12);
        Assert.InRange(report.Late.Mappings, 0, report.Early.Mappings + 120);
        // ILGPU's programs take some 10 MiB, and their code more, while a device is at work and nothing while it is not; what is left behind was counted as contexts.
        Assert.InRange(report.Late.ManagedBytes, 0, report.Early.ManagedBytes + ((other.StartsWith("gpu", StringComparison.Ordinal) ? 16 : 4) << 20));
        Assert.InRange(report.Late.PrivateBytes, 0, report.Early.PrivateBytes + ((other.StartsWith("gpu", StringComparison.Ordinal) ? 96 : 48) << 20));
        Assert.Equal((0, 0), (report.End.SpaceBytes, report.End.Lanes));
    }

    [Fact]
    public async Task Loading_and_unloading_leaves_nothing_behind()
    {
        var cycles = 100 * Soak;
        using var workplace = new Workplace();
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["cycles", "far", workplace.NewFolder("cache"), cycles.ToString(CultureInfo.InvariantCulture)], patience: TimeSpan.FromMinutes(5 * Soak));
        Assert.True(result.ExitCode == 0, result.Error);
        var report = JsonSerializer.Deserialize(result.Output, SwapJson.Default.CycleReport)!;
        Assert.Empty(report.Remains);
        Assert.Equal(cycles, report.Unloaded);
        Assert.Empty(Directory.GetDirectories(Path.Combine(workplace.Folder, "cache", "far")));
        Assert.InRange(report.Late.Threads, 1, report.Early.Threads + 2);
        Assert.InRange(report.Late.Handles, 0, report.Early.Handles + 2);
        Assert.InRange(report.Late.Mappings, 0, report.Early.Mappings + 40);
        Assert.InRange(report.Late.ManagedBytes, 0, report.Early.ManagedBytes + (1 << 20));
        Assert.InRange(report.Late.PrivateBytes, 0, report.Early.PrivateBytes + (16 << 20));
    }
}
