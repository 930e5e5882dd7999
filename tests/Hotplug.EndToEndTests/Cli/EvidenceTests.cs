using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug doctor --gpu</c>: the evidence that an owner of a device produces.</summary>
public sealed class EvidenceTests(CommandLine command) : IClassFixture<CommandLine>
{
    private static readonly string[] Far = ["--plugins", Path.Combine(Repository.Matrix, "plugins")];

    [Theory]
    [InlineData("cpu")]
    [InlineData("far")]
    public async Task A_right_device_passes_with_every_kernel_and_number(string name)
    {
        var document = await command.JsonAsync(["doctor", "--gpu", "--device", name, "--cases", "1", "--json", .. Far]);
        Assert.Equal(("hotplug.evidence/1", "passed"), (Text(document, "schema"), Text(document, "verdict")));
        var device = Assert.Single(document.GetProperty("devices").EnumerateArray());
        Assert.Equal(name, Text(device, "name"));
        Assert.True(device.GetProperty("passed").GetBoolean());

        var kernels = device.GetProperty("kernels").EnumerateArray().ToList();
        Assert.All(kernels, k => Assert.Equal(JsonValueKind.Null, k.GetProperty("failure").ValueKind));
        Assert.All(kernels, k => Assert.InRange(k.GetProperty("worstShare").GetDouble(), 0, 1));
        // Whatever was not run was refused with a reason.
        Assert.All(kernels, k => Assert.Equal(k.GetProperty("cases").GetInt32() == 0, k.GetProperty("refusal").ValueKind == JsonValueKind.String));
        foreach (var type in new[] { "F32", "F16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K" })
            Assert.Contains(kernels, k => Text(k, "operation") == "MatMul" && Text(k, "weightType") == type && k.GetProperty("cases").GetInt32() == 1);
        Assert.Contains(kernels, k => Text(k, "operation") == "Attention" && k.GetProperty("cases").GetInt32() == 1);

        var speed = device.GetProperty("speed");
        Assert.All(new[] { "stepMicroseconds", "toDeviceBytesPerSecond", "toHostBytesPerSecond" }, number => Assert.True(speed.GetProperty(number).GetDouble() > 0));
        Assert.All(speed.GetProperty("products").EnumerateArray(), p => Assert.True(p.GetProperty("bytesPerSecond").GetDouble() > 0));
        Assert.NotEqual(0, speed.GetProperty("products").GetArrayLength());
        var model = device.GetProperty("model");
        Assert.Equal([name], model.GetProperty("devices").EnumerateArray().Select(d => d.GetString()));
        Assert.True(model.GetProperty("prefillTokensPerSecond").GetDouble() > 0);
        Assert.True(model.GetProperty("decodeTokensPerSecond").GetDouble() > 0);

        Assert.NotEmpty(device.GetProperty("buffers").EnumerateArray());
        Assert.All(device.GetProperty("buffers").EnumerateArray(), b => Assert.Equal(JsonValueKind.Null, b.GetProperty("failure").ValueKind));
        // Locked without being mapped, in many buffers: each has an address, the text is right, and the receipt says what became of it.
        var loads = device.GetProperty("loads").EnumerateArray().ToDictionary(load => Text(load, "name"));
        Assert.All(loads.Values, load => Assert.Empty(load.GetProperty("failures").EnumerateArray()));
        var founding = loads["founding"];
        Assert.True(founding.GetProperty("sameText").GetBoolean());
        Assert.Contains("--mlock try --mmap off", Text(founding, "wishes"));
        var receipt = founding.GetProperty("receipt");
        Assert.Equal(("off", "try"), (Text(receipt, "map"), Text(receipt, "lock")));
        Assert.Equal(0, receipt.GetProperty("mapped").GetInt64());
        Assert.True(receipt.GetProperty("parts").EnumerateArray().Count(part => Text(part, "usage") == "weights") > 4);
        // Far has nowhere to map a file to.
        if (name == "cpu") Assert.True(loads["mapped"].GetProperty("receipt").GetProperty("mapped").GetInt64() > 0);
    }

    [Fact]
    public async Task Elsewhere_than_on_a_Mac_the_doctor_says_that_Metal_is_not_available_and_why()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "Only where there is no Metal.");
        var text = await command.RunAsync("doctor", "--metal");
        Assert.Equal((2, ""), (text.ExitCode, text.Error));
        Assert.Contains("metal has no device here", text.Output);
        Assert.Contains("not available: Metal is a part of 64-bit macOS", text.Output);
        Assert.DoesNotContain("CUDA", text.Output);
        var json = await command.RunAsync("doctor", "--metal", "--json");
        var document = JsonElement.Parse(json.Output);
        Assert.Equal((2, "noDevice"), (json.ExitCode, Text(document, "verdict")));
        Assert.StartsWith("not available: ", Text(Assert.Single(document.GetProperty("refused").EnumerateArray()), "reason"));
        Assert.Equal(2, (await command.RunAsync("doctor", "--metal", "--gpu")).ExitCode);
        Assert.Equal(2, (await command.RunAsync("doctor", "--metal", "--device", "cpu")).ExitCode);
    }

    /// <summary>All that an owner of a Mac will see, without a Mac: the plugin upon its double, the kernels that ship on the processor.</summary>
    [Fact]
    public async Task Metal_is_examined_on_its_double_as_on_a_Mac()
    {
        var result = await command.RunAsync(["doctor", "--gpu", "--device", "metal-double", "--cases", "1", "--quick", "--json", .. Far]);
        Assert.SkipWhen(result.ExitCode == 2 && result.Error.Contains("clang", StringComparison.Ordinal), result.Error);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var device = Assert.Single(JsonElement.Parse(result.Output).GetProperty("devices").EnumerateArray());
        Assert.True(device.GetProperty("passed").GetBoolean());
        var said = device.GetProperty("diagnostics").EnumerateArray().ToLookup(d => Text(d, "group"));
        Assert.True(said["interop"].Count() > 70);
        Assert.All(said["interop"], d => Assert.Equal("Passed", Text(d, "outcome")));
        Assert.All(said["interop"], d => Assert.NotEmpty(Text(d, "text")));
        Assert.Equal(["no-copy buffer at the address of host memory", "private buffer, filled and copied", "residency set", "shared buffer, seen by both"], said["memory"].Select(d => Text(d, "subject")).Order());
        foreach (var group in new[] { "memory", "a kernel", "waiting" }) Assert.All(said[group], d => Assert.Equal("Passed", Text(d, "outcome")));
        Assert.All(said["limits"].Concat(said["device"]).Concat(said["system"]), d => Assert.Equal("Fact", Text(d, "outcome")));
        Assert.Equal(["metal.mapped", "metal.private", "metal.shared"], device.GetProperty("buffers").EnumerateArray().Select(b => Text(b, "name")).Order());
        var loads = device.GetProperty("loads").EnumerateArray().ToDictionary(load => Text(load, "name"));
        Assert.All(loads.Values, load => Assert.True(load.GetProperty("sameText").GetBoolean()));
        Assert.True(loads["mapped"].GetProperty("receipt").GetProperty("mapped").GetInt64() > 0);
        Assert.Equal(0, loads["founding"].GetProperty("receipt").GetProperty("mapped").GetInt64());
    }

    [Fact]
    public async Task A_wrong_kernel_is_found_and_named_and_the_others_are_not_accused()
    {
        string[] words = ["doctor", "--gpu", "--device", "far", "--cases", "2", "--set", "far.wrong=Rope", .. Far];
        var result = await command.RunAsync([.. words, "--json"]);
        Assert.Equal(5, result.ExitCode);
        var document = JsonElement.Parse(result.Output);
        Assert.Equal("failed", Text(document, "verdict"));
        var failed = document.GetProperty("devices")[0].GetProperty("kernels").EnumerateArray().Where(k => k.GetProperty("failure").ValueKind == JsonValueKind.String).ToList();
        Assert.All(failed, k => Assert.Equal("Rope", Text(k, "operation")));
        Assert.All(failed, k => Assert.Contains("must be", Text(k, "failure")));
        Assert.NotEmpty(failed);

        var text = await command.RunAsync(words);
        Assert.Equal(5, text.ExitCode);
        Assert.Contains("far: NOT in order", text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Contains("FAILED Rope", text.Output);
    }

    [Fact]
    public async Task A_device_that_is_lost_under_examination_is_evidence_too()
    {
        var result = await command.RunAsync(["doctor", "--gpu", "--device", "far", "--cases", "1", "--json", "--set", "far.lose-device-after=20", .. Far]);
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("lost", result.Output);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Automatically_only_real_accelerators_are_examined()
    {
        using var workplace = new Workplace();
        var cards = FarCard.AddTo(workplace);
        // Lost soon, because what is asked of a real accelerator is a lot for a scalar reference.
        var result = await command.RunAsync("doctor", "--gpu", "--cases", "1", "--json", "--plugins", cards, "--set", "far.kind=gpu", "--set", "far.lose-device-after=20");
        Assert.Equal(5, result.ExitCode);
        var devices = JsonElement.Parse(result.Output).GetProperty("devices").EnumerateArray().ToList();
        Assert.Contains(devices, d => Text(d, "name") == "far");
        Assert.All(devices, d => Assert.Contains(Text(d, "kind"), new[] { "Gpu", "IntegratedGpu", "Accelerator" }));
    }

    [Fact]
    public async Task Without_a_gpu_it_says_so_and_what_can_be_examined()
    {
        await command.SkipWithGpuAsync();
        var text = await command.RunAsync("doctor", "--gpu");
        Assert.Equal(2, text.ExitCode);
        Assert.Contains("No GPU or other accelerator was found", text.Output);
        Assert.Contains("CUDA", text.Output);
        var json = await command.RunAsync("doctor", "--gpu", "--json");
        Assert.Equal((2, "noDevice"), (json.ExitCode, Text(JsonElement.Parse(json.Output), "verdict")));
        Assert.Equal(2, (await command.RunAsync("doctor", "--gpu", "--device", "nowhere")).ExitCode);
        Assert.Equal(2, (await command.RunAsync("doctor", "--json")).ExitCode);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
