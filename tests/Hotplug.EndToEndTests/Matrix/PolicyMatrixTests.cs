using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>Every cell of the policy matrix, run for real, comes out as <c>Data/policy-matrix.csv</c> says.</summary>
public sealed class PolicyMatrixTests(MatrixRuns runs)
{
    public static TheoryData<string, string, string, string, string> Cells { get; } =
        [.. Cell.Limits.SelectMany(limit => Cell.Of(limit)).Select(cell => (cell.Map, cell.Lock, cell.Placement, cell.Limit, cell.Largest))];

    public static TheoryData<string, string> TooSmall { get; } = [.. Cell.Limits.SelectMany(limit => Cell.TooSmall(limit)).Select(cell => (cell.Placement, cell.Limit))];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_cell_comes_out_as_expected(string map, string @lock, string placement, string limit, string largest)
    {
        var cell = new Cell(map, @lock, placement, limit, largest);
        var (result, expected) = (await runs.OfAsync(cell), ExpectedMatrix.Cells[cell]);
        if (expected.IsRefused) CellChecks.IsRefused(result, expected);
        else
        {
            CellChecks.IsLoaded(result, expected);
            Assert.NotEmpty(result.Texts);
        }
        CellChecks.LeavesNothing(result);
    }

    [Theory]
    [MemberData(nameof(TooSmall))]
    public async Task A_tensor_larger_than_the_largest_allocation_is_refused_with_its_name(string placement, string limit)
    {
        var cell = Cell.TooSmall(limit).Single(cell => cell.Placement == placement);
        var result = await runs.OfAsync(cell);
        // It lies on both devices where the model is split by layer, and is refused on both.
        Assert.All(result.Refusals, refusal => Assert.Equal(("TooLarge", "token_embd.weight"), (refusal.Code.ToString(), refusal.Subject)));
        CellChecks.IsRefused(result with { Refusals = [.. result.Refusals.Take(1)] }, ExpectedMatrix.Cells[cell]);
        Assert.Contains("1048576", result.Message);
        CellChecks.LeavesNothing(result);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("far")]
    [InlineData("layers")]
    [InlineData("pattern")]
    public async Task Within_a_placement_the_text_is_the_same_in_all_cells(string placement)
    {
        var levels = await Task.WhenAll(Cell.Limits.Select(runs.OfAsync));
        var cells = levels.SelectMany(level => level.Cells.Values).Where(cell => cell.Cell.Placement == placement && cell.ExitCode == 0).ToList();
        Assert.SkipWhen(cells.Count == 0, levels[0].Skip ?? "");
        foreach (var prompt in cells.SelectMany(cell => cell.Texts).GroupBy(text => text.Prompt))
        {
            Assert.Single(prompt.Select(text => text.Text).Distinct());
            Assert.Single(prompt.Select(text => string.Join(',', text.Tokens)).Distinct());
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("8MiB")]
    [InlineData("0")]
    public async Task Placements_write_the_same_up_to_a_step_that_may_go_either_way(string limit)
    {
        var texts = new List<Written>();
        foreach (var placement in Cell.Placements) texts.AddRange((await runs.OfAsync(new Cell("auto", "off", placement, limit, "natural"))).Texts);
        Assert.Equal(2 * Cell.Placements.Count, texts.Count);
        foreach (var prompt in texts.GroupBy(text => text.Prompt))
            foreach (var one in prompt)
                foreach (var other in prompt)
                {
                    var step = one.Tokens.Zip(other.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
                    if (step < one.Tokens.Count) Assert.InRange(Math.Min(one.Gaps[step], other.Gaps[step]), 0, StoryReference.Close);
                }
    }
}
