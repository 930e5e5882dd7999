using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Gguf;
using Hotplug.PolicyMatrix;
using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>The founding case where it was met: locked, not mapped, on a Mac whose largest buffer is smaller than the model.</summary>
public sealed class MacFoundingCaseTests(MatrixRuns runs)
{
    public static TheoryData<string, string> Cases { get; } = [.. from mac in ExpectedMatrix.Macs from placement in Cell.MacPlacements select (mac, placement)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Locked_but_not_mapped_every_part_has_an_address_and_what_is_the_hosts_is_locked(string mac, string placement)
    {
        var best = (await runs.OfAsync("none")).Skip is null ? "none" : "8MiB";
        var result = await runs.OfAsync(new Cell("off", "try", placement, best, "natural", mac));
        Check(result, Mac.Of(mac), placement == "metal" ? [Mac.Device] : ["cpu", Mac.Device]);

        // Unified memory is locked below its views; what is on a card it says it cannot lock, and why.
        var receipt = result.Receipt!;
        var host = result.Parts.Where(part => part.Backing == "Committed").Sum(part => (long)(part.Length + 4095) / 4096 * 4096);
        Assert.Equal(Mac.Of(mac).IsUnified || placement != "metal", host != 0);
        Assert.Equal(host, receipt.Locked);
        Assert.Equal(host, result.LockedLoaded - result.LockedBefore);
        Assert.Equal(host, result.Regions.Sum(region => region.Locked));
        Assert.All(receipt.Parts.Where(part => part is { Usage: "weights", Device: Mac.Device }), part =>
        {
            Assert.Equal(Mac.Of(mac).IsUnified ? 0 : part.Asked, part.NotLocked);
            if (part.NotLocked != 0) Assert.Contains("cannot tell whether its memory can be paged out", part.Why);
        });
        CellChecks.LeavesNothing(result);
    }

    /// <summary>With kernels that compute, and with all three backends side by side.</summary>
    [Theory]
    [InlineData("unified-16KiB", "layers")]
    [InlineData("unified-4KiB", "metal")]
    [InlineData("discrete-16KiB", "metal")]
    [InlineData("discrete-4KiB", "pattern")]
    [InlineData("unified-16KiB", "three")]
    [InlineData("discrete-4KiB", "three")]
    public async Task It_writes_what_it_would_write_elsewhere(string mac, string placement)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Compares with /proc.");
        using var workplace = new Workplace();
        var model = workplace.CopyFile(Repository.StoryModel, "story.gguf");
        var program = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["cell", "off", "try", placement, "natural", mac, model, workplace.NewFolder("cache")], new Dictionary<string, string?> { ["HOME"] = workplace.Folder });
        Assert.True(program.ExitCode == 0, program.Error);
        var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var result = ResultJson.Read(lines[0]);
        Assert.SkipWhen(result.Message.Contains("clang-16", StringComparison.Ordinal), result.Message);
        string[] devices = placement switch { "metal" => [Mac.Device], "three" => ["cpu", "gpu:cpu-emulation", Mac.Device], _ => ["cpu", Mac.Device] };
        Check(result, Mac.Of(mac), devices);

        var text = Assert.Single(result.Texts);
        Assert.Equal(2, text.Tokens.Count);
        var certain = StoryReference.Of(text.Prompt).Certain(text.Tokens.Count);
        Assert.Equal(certain, text.Tokens.Take(certain.Length));
        var end = ResultJson.ReadEnd(lines[1]);
        Assert.Empty(end.Faults);
        Assert.Equal("", end.Leftover);
        CellChecks.LeavesNothing(result);
    }

    private static void Check(CellResult result, Mac mac, string[] devices)
    {
        Assert.Equal(("", 0), (result.Message, result.ExitCode));
        Assert.Empty(result.Violations);
        Assert.True(GgufFile.Open(Repository.StoryModel).TotalWeightBytes > 2 * Mac.MaxBufferLength, "The model is not much larger than the largest buffer.");
        Assert.Equal(devices, result.Parts.Select(part => part.Device).Distinct().Order(StringComparer.Ordinal));
        Assert.All(result.Parts.Where(part => part.Device == Mac.Device), part => Assert.InRange(part.Length, 1ul, (ulong)mac.Largest));
        Assert.InRange(result.Parts.Count(part => part.Device == Mac.Device), 2, 64);
        Assert.DoesNotContain(result.Parts, part => part.Backing == "FileMapping");
        CellChecks.HasValidAddresses(result);
        CellChecks.ReceiptIsWhatTheSystemSays(result);
    }
}
