using Hotplug.EndToEndTests.Programs;
using Hotplug.PolicyMatrix;
using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>Cells of the matrix with the GPU plugin as the second backend, on its emulator: real device memory, loaded by the code that a card would run.</summary>
public sealed class EmulatedGpuCellTests
{
    [Theory]
    [InlineData("off", "try")]
    [InlineData("require", "try")]
    public async Task Across_the_processor_and_the_plugin_every_part_has_an_address_and_the_receipt_is_what_the_system_says(string map, string @lock)
    {
        var result = await RunAsync(map, @lock);
        Assert.Equal(("", 0), (result.Message, result.ExitCode));
        Assert.Equal(["cpu", "gpu:cpu-emulation"], result.Parts.Select(part => part.Device).Distinct().Order());
        // What is required to be mapped is what the host has; what is on the device is not pageable by the host at all.
        Assert.All(result.Parts, part => Assert.Equal(part.Device != "cpu" ? "Device" : map == "require" ? "FileMapping" : "Committed", part.Backing));
        CellChecks.HasValidAddresses(result);
        CellChecks.ReceiptIsWhatTheSystemSays(result);
        Assert.All(result.Receipt!.Parts.Where(part => part is { Device: "gpu:cpu-emulation", Usage: "weights" }), part =>
        {
            Assert.Equal(part.Asked, part.NotLocked);
            Assert.Contains("cannot tell whether its memory can be paged out", part.Why);
        });
        Assert.All(result.Texts, text => Assert.NotEmpty(text.Text));
        CellChecks.LeavesNothing(result);
    }

    [Fact]
    public async Task A_lock_that_is_required_is_refused_because_the_device_cannot_promise_it()
    {
        var result = await RunAsync("off", "require");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(result.Refusals, refusal => refusal.Code.ToString() == "LockImpossible");
        CellChecks.LeavesNothing(result);
    }

    private static async Task<CellResult> RunAsync(string map, string @lock)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Compares with /proc.");
        using var workplace = new Workplace();
        var model = workplace.CopyFile(Repository.StoryModel, "story.gguf");
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["cell", map, @lock, "emulation", "natural", model, workplace.NewFolder("cache")], new Dictionary<string, string?> { ["HOME"] = workplace.Folder });
        Assert.True(result.ExitCode == 0, result.Error);
        return ResultJson.Read(result.Output);
    }
}
