using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>What there is to run on.</summary>
public sealed class DevicesTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task Devices_lists_the_processor_and_what_is_used_only_when_named_on_request()
    {
        string[] plugins = ["--plugins", Path.Combine(Repository.Matrix, "plugins")];
        var few = await DevicesAsync(plugins);
        Assert.Contains(("cpu", "Cpu"), few);
        Assert.DoesNotContain(few, device => device.Kind == "Emulation");
        var all = await DevicesAsync([.. plugins, "--all"]);
        Assert.Superset(few.ToHashSet(), all.ToHashSet());
        Assert.Contains(("far", "Emulation"), all);
        Assert.Contains(("gpu:cpu-emulation", "Emulation"), all);

        async Task<List<(string Name, string Kind)>> DevicesAsync(string[] flags)
            => [.. (await command.JsonAsync(["devices", "--json", .. flags])).GetProperty("devices").EnumerateArray()
                .Select(device => (device.GetProperty("name").GetString()!, device.GetProperty("kind").GetString()!))];
    }

    [Fact]
    public async Task Without_a_gpu_devices_says_what_was_looked_for_and_a_bare_name_is_refused_with_it()
    {
        await command.SkipWithGpuAsync();
        var closed = await command.JsonAsync("devices", "--json");
        Assert.Contains("gpu", closed.GetProperty("onlyWhenNamed").EnumerateArray().Select(id => id.GetString()));
        Assert.Contains(closed.GetProperty("refused").EnumerateArray(), item => item.GetProperty("reason").GetString()!.Contains("CUDA", StringComparison.Ordinal));
        Assert.Contains("CUDA", (await command.RunAsync("devices")).Output);
        var open = await command.JsonAsync("devices", "--all", "--json");
        Assert.Contains(open.GetProperty("refused").EnumerateArray(), item => item.GetProperty("name").GetString() is { Length: > 0 });

        foreach (var flags in new string[][] { ["--backend", "gpu"], ["--backend", "gpu", "--gpu-layers", "2"], ["--place", "blk.*=gpu"] })
        {
            var refused = await command.RunAsync(["run", "Once", "-n", "1", .. flags]);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("CUDA", refused.Error);
            Assert.Contains("gpu:cpu-emulation", refused.Error);
        }
        // Nobody named it: it takes no part.
        Assert.Equal(["cpu"], Devices(await command.JsonAsync("plan", "--json")));
    }

    [Fact]
    public async Task Without_Metal_the_plugin_says_so_and_is_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "Only where there is no Metal.");
        foreach (var flags in new string[][] { [], ["--all"] })
        {
            var document = await command.JsonAsync(["devices", "--json", .. flags]);
            Assert.DoesNotContain(document.GetProperty("devices").EnumerateArray(), device => device.GetProperty("name").GetString()!.StartsWith("metal", StringComparison.Ordinal));
            Assert.StartsWith("not available: Metal is a part of 64-bit macOS", Assert.Single(document.GetProperty("refused").EnumerateArray(), item => item.GetProperty("backend").GetString() == "metal").GetProperty("reason").GetString());
            // Asked, and let go again.
            var plugin = Assert.Single(document.GetProperty("plugins").GetProperty("backends").EnumerateArray(), item => item.GetProperty("id").GetString() == "metal");
            Assert.Equal(("Validated", System.Text.Json.JsonValueKind.Null), (plugin.GetProperty("state").GetString(), plugin.GetProperty("loadReason").ValueKind));
        }
        Assert.Contains("not opened: not available: Metal", (await command.RunAsync("devices")).Output);
        foreach (var flags in new string[][] { ["--backend", "metal"], ["--backend", "metal:gpu0", "--gpu-layers", "2"], ["--place", "blk.*=metal"] })
        {
            var refused = await command.RunAsync(["run", "Once", "-n", "1", .. flags]);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("not available: Metal", refused.Error);
        }
    }

    [Theory]
    [InlineData("--backend gpu:cpu-emulation", "gpu:cpu-emulation")]
    [InlineData("--backend gpu:cpu-emulation --gpu-layers 2", "cpu gpu:cpu-emulation")]
    [InlineData("--backend cpu --place blk.*.ffn_*=gpu:cpu-emulation", "cpu gpu:cpu-emulation")]
    public async Task An_emulation_that_is_named_is_used(string flags, string devices)
        => Assert.Equal(devices.Split(' '), Devices(await command.JsonAsync(["plan", "--json", .. flags.Split(' ')])));

    private static IEnumerable<string> Devices(System.Text.Json.JsonElement plan) => plan.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()!).Order();

    [Fact]
    public async Task The_doctor_finds_everything_in_order()
    {
        var result = await command.RunAsync("doctor");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Everything is in order.", result.Output);
        Assert.Contains("locking", result.Output);
    }

    [Fact]
    public async Task The_doctor_names_a_plugin_that_is_broken()
    {
        var plugins = command.Workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", "far"), "broken");
        File.Delete(Path.Combine(plugins, "Hotplug.FarMemory.dll"));
        var result = await command.RunAsync("doctor", "--plugins", plugins);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Hotplug.FarMemory.dll", result.Output);
    }
}
