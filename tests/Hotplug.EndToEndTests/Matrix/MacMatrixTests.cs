using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>Every cell of the policy matrix with Metal, on a double of each kind of Mac, comes out as <c>Data/policy-matrix.csv</c> says, and the double has nothing to complain of.</summary>
public sealed class MacMatrixTests(MatrixRuns runs)
{
    public static TheoryData<string, string, string, string, string, string> Cells { get; } =
        [.. Every(Cell.Of).Select(cell => (cell.Mac, cell.Map, cell.Lock, cell.Placement, cell.Limit, cell.Largest))];

    public static TheoryData<string, string, string> TooSmall { get; } = [.. Every(Cell.TooSmall).Select(cell => (cell.Mac, cell.Placement, cell.Limit))];

    public static TheoryData<string, string> Ends { get; } = [.. from mac in ExpectedMatrix.Macs from limit in Cell.Limits select (mac, limit)];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_cell_comes_out_as_expected(string name, string map, string @lock, string placement, string limit, string largest)
    {
        var (cell, mac) = (new Cell(map, @lock, placement, limit, largest, name), Mac.Of(name));
        var (result, expected) = (await runs.OfAsync(cell), ExpectedMatrix.Cells[cell]);
        // Of rules of Metal that were broken, and of addresses.
        Assert.Empty(result.Violations);
        if (expected.IsRefused) CellChecks.IsRefused(result, expected);
        else
        {
            CellChecks.IsLoaded(result, expected);
            var parts = result.Parts.Where(part => part.Device == Mac.Device).ToList();
            Assert.NotEmpty(parts);
            Assert.Equal(placement != "metal", result.Parts.Any(part => part.Device == "cpu"));
            Assert.All(parts, part =>
            {
                Assert.Equal(mac.IsUnified ? ("metal.mapped", map == "off" ? "Committed" : "FileMapping") : ("metal.private", "Device"), (part.BufferType, part.Backing));
                Assert.InRange(part.Length, 1ul, (ulong)mac.Largest);
                if (mac.IsUnified) Assert.Equal((ulong)mac.PageSize, part.Alignment);
            });
        }
        CellChecks.LeavesNothing(result);
    }

    [Theory]
    [MemberData(nameof(TooSmall))]
    public async Task A_tensor_larger_than_the_largest_allocation_is_refused_with_its_name(string mac, string placement, string limit)
    {
        var cell = Cell.TooSmall(limit, mac).Single(cell => cell.Placement == placement);
        var result = await runs.OfAsync(cell);
        Assert.Empty(result.Violations);
        Assert.All(result.Refusals, refusal => Assert.Equal(("TooLarge", "token_embd.weight"), (refusal.Code.ToString(), refusal.Subject)));
        CellChecks.IsRefused(result with { Refusals = [.. result.Refusals.Take(1)] }, ExpectedMatrix.Cells[cell]);
        CellChecks.LeavesNothing(result);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task After_the_last_cell_no_object_of_the_double_is_left(string mac, string limit)
    {
        var run = await runs.OfAsync(limit);
        Assert.SkipWhen(run.Skip is not null, run.Skip ?? "");
        Assert.Empty(run.Ends[mac].Faults);
        Assert.Equal("", run.Ends[mac].Leftover);
    }

    private static IEnumerable<Cell> Every(Func<string, string, IEnumerable<Cell>> cells) => ExpectedMatrix.Macs.SelectMany(mac => Cell.Limits.SelectMany(limit => cells(limit, mac)));
}
