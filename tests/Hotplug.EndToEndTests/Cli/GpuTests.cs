using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary>The plugin gpu from the command line, on its emulator: what a machine without a card shows of it.</summary>
public sealed class GpuTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const string Emulator = "gpu:cpu-emulation";

    [Fact]
    public async Task Devices_lists_the_emulator_with_its_buffer_types_and_what_was_refused_with_the_reason()
    {
        var document = await command.JsonAsync("devices", "--all", "--json");
        var device = Assert.Single(document.GetProperty("devices").EnumerateArray(), d => Text(d, "name") == Emulator);
        Assert.Equal("Emulation", Text(device, "kind"));
        Assert.Equal(["gpu.cpu-emulation", "gpu.cpu-emulation.host", "gpu.cpu-emulation.plain", "gpu.cpu-emulation.staging"],
            device.GetProperty("bufferTypes").EnumerateArray().Select(t => Text(t, "name")).Order());
        Assert.Contains("adopts mapped files", Text(device.GetProperty("bufferTypes").EnumerateArray().Single(t => Text(t, "name") == "gpu.cpu-emulation.host"), "traits"));
        // Without a card there is no driver for one, and that is said.
        if (HasCard(document)) return;
        var refused = Assert.Single(document.GetProperty("refused").EnumerateArray(), r => Text(r, "name") == "CUDA");
        Assert.Equal("gpu", Text(refused, "backend"));
        Assert.NotEqual("", Text(refused, "reason"));
    }

    [Fact]
    public async Task The_plan_of_a_split_shows_bytes_per_device_and_copies_per_token()
    {
        var plan = await command.JsonAsync("plan", "--backend", Emulator, "--gpu-layers", "2", "--json");
        var devices = plan.GetProperty("devices").EnumerateArray().ToList();
        Assert.Equal(["cpu", Emulator], devices.Select(d => Text(d, "name")).Order());
        Assert.All(devices, d => Assert.All(new[] { "weightBytes", "kvBytes", "workspaceBytes", "exchangeBytes" }, bytes => Assert.True(d.GetProperty(bytes).GetInt64() > 0, $"{d} has no {bytes}")));
        // The state of the model crosses once, and with it what the layers before have made.
        var copies = plan.GetProperty("copiesPerToken").EnumerateArray().ToList();
        Assert.NotEmpty(copies);
        Assert.All(copies, copy => Assert.Equal(("cpu", Emulator), (Text(copy, "from"), Text(copy, "to"))));
        Assert.All(copies, copy => Assert.True(copy.GetProperty("bytes").GetInt64() > 0));
    }

    [Fact]
    public async Task What_the_device_may_not_take_is_refused_before_anything_is_loaded()
    {
        var result = await command.RunAsync("plan", "--backend", Emulator, "--set", "gpu.memory=1MiB");
        Assert.Equal((6, ""), (result.ExitCode, result.Output));
        Assert.Contains("--gpu-layers", result.Error);
    }

    [Fact]
    public async Task A_run_on_the_emulator_copies_as_often_as_planned_and_writes_what_the_processor_writes()
    {
        string[] words = ["run", "Once upon a time", "--temp", "0", "-n", "3", "--kv-type", "f32", "--json"];
        string[] split = ["--backend", Emulator, "--gpu-layers", "2"];
        var run = await command.JsonAsync([.. words, .. split]);
        Assert.Equal(Text(await command.JsonAsync(words), "text"), Text(run, "text"));
        // A prompt, and two steps of a token: the third token is not evaluated.
        var planned = (await command.JsonAsync(["plan", "--json", .. split])).GetProperty("copiesPerToken").GetArrayLength();
        Assert.Equal(3 * planned, run.GetProperty("copiesBetweenDevices").GetInt64());
    }

    [Fact]
    public async Task A_run_on_the_processor_leaves_the_plugin_closed()
    {
        if (HasCard(await command.JsonAsync("devices", "--all", "--json"))) Assert.Skip("This machine has a graphics processor, and an ordinary run uses it.");
        // A plugin that is opened reads its settings, and refuses this one.
        string[] words = ["run", "Once", "-n", "1", "--set", "gpu.no-such-setting=1"];
        var result = await command.RunAsync(words);
        Assert.True(result.ExitCode == 0, result.Error);
        var opened = await command.RunAsync([.. words, "--backend", Emulator]);
        Assert.Equal(2, opened.ExitCode);
        Assert.Contains("gpu has no setting 'no-such-setting'", opened.Error);
    }

    private static bool HasCard(JsonElement devices)
        => devices.GetProperty("devices").EnumerateArray().Any(d => Text(d, "name").StartsWith("gpu:", StringComparison.Ordinal) && Text(d, "kind") != "Emulation");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
