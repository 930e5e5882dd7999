using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Gguf;
using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>
/// The case the product was made for: elsewhere, locking without mapping across several backends asks a composite buffer for a base address that it does not have, and
/// the process dies of a null pointer or an assertion.
/// </summary>
public sealed class FoundingCaseTests(MatrixRuns runs)
{
    private const long Largest = 1310720;

    [Theory]
    [InlineData("layers")]
    [InlineData("pattern")]
    public async Task Locked_but_not_mapped_across_two_plugins_every_part_has_an_address_and_the_receipt_is_what_the_system_says(string placement)
    {
        var result = await LoadAsync(placement);
        Assert.Equal("", result.Message);
        Assert.True(GgufFile.Open(Repository.StoryModel).TotalWeightBytes > 4 * Largest, "The model is not much larger than the largest allocation.");

        // Two plugins in one multi-buffer, each with several parts, none larger than allowed.
        Assert.Equal(["cpu", "far"], result.Parts.Select(part => part.Device).Distinct().Order());
        Assert.All(result.Parts.GroupBy(part => part.Device), device => Assert.InRange(device.Count(), 2, 64));
        Assert.All(result.Parts, part => Assert.InRange(part.Length, 1ul, (ulong)Largest));
        Assert.DoesNotContain(result.Parts, part => part.Backing == "FileMapping");

        CellChecks.HasValidAddresses(result);

        // Everything that the host can lock is locked, and the receipt, VmLck and Locked: in smaps say the same number of bytes.
        var receipt = result.Receipt!;
        var host = result.Parts.Where(part => part.Device == "cpu").Sum(part => (long)(part.Length + 4095) / 4096 * 4096);
        Assert.Equal(host, receipt.Locked);
        Assert.Equal(host, result.LockedLoaded - result.LockedBefore);
        Assert.Equal(host, result.Regions.Sum(region => region.Locked));
        CellChecks.ReceiptIsWhatTheSystemSays(result);

        // What it cannot lock it says, and why; a device part stays out of reach of stray pointers.
        Assert.All(receipt.Parts.Where(part => part is { Device: "far", Usage: "weights" }), part =>
        {
            Assert.Equal(part.Asked, part.NotLocked);
            Assert.Contains("cannot tell whether its memory can be paged out", part.Why);
        });
        Assert.All(result.Regions.Where(region => region.Permissions == "---p"), region => Assert.Equal(0, region.Resident));

        Assert.All(result.Texts, text => Assert.NotEmpty(text.Text));
        CellChecks.LeavesNothing(result);
    }

    [Fact]
    public async Task Required_instead_of_tried_the_lock_is_refused_because_of_the_device()
    {
        var result = await AnyAsync(limit => new Cell("off", "require", "pattern", limit, $"{Largest}"));
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("LockImpossible", Assert.Single(result.Refusals).Code.ToString());
        CellChecks.LeavesNothing(result);
    }

    private Task<CellResult> LoadAsync(string placement) => AnyAsync(limit => new Cell("off", "try", placement, limit, $"{Largest}"));

    /// <summary>With the best limit that is to be had: the model fits 8 MiB as well.</summary>
    private async Task<CellResult> AnyAsync(Func<string, Cell> cell) => await runs.OfAsync(cell((await runs.OfAsync("none")).Skip is null ? "none" : "8MiB"));
}
