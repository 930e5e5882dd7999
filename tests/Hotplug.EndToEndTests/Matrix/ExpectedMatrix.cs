using Hotplug.EndToEndTests.Programs;
using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>The rows of <c>Data/policy-matrix.csv</c>: the 216 cells of the matrix, then those beside it.</summary>
internal static class ExpectedMatrix
{
    public static string SourcePath { get; } = Path.Combine(Repository.Root, "tests", "Hotplug.EndToEndTests", "Data", "policy-matrix.csv");

    public static IReadOnlyDictionary<Cell, ExpectedCell> Cells { get; } =
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "policy-matrix.csv")).Skip(1).Select(ExpectedCell.Parse).ToDictionary(row => row.Cell);

    /// <summary>All cells in the order of the file.</summary>
    public static IEnumerable<Cell> Order => Cell.Limits.SelectMany(Cell.Of).OrderBy(cell => Cell.Placements.ToList().IndexOf(cell.Placement)).Concat(Cell.Limits.SelectMany(Cell.TooSmall));
}
