using Hotplug.EndToEndTests.Programs;
using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>The rows of <c>Data/policy-matrix.csv</c>: the 216 cells of the matrix, those beside it, and the same for each Mac, whose cells on the processor alone are those of the matrix.</summary>
internal static class ExpectedMatrix
{
    public static string SourcePath { get; } = Path.Combine(Repository.Root, "tests", "Hotplug.EndToEndTests", "Data", "policy-matrix.csv");

    public static IReadOnlyDictionary<Cell, ExpectedCell> Cells { get; } =
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "policy-matrix.csv")).Skip(1).Select(ExpectedCell.Parse).ToDictionary(row => row.Cell);

    /// <summary>All cells in the order of the file.</summary>
    public static IEnumerable<Cell> Order => Macs.Prepend("").SelectMany(mac => Cell.Limits.SelectMany(limit => Cell.Of(limit, mac)).OrderBy(cell => Placement(cell.Placement))
        .Concat(Cell.Limits.SelectMany(limit => Cell.TooSmall(limit, mac))));

    /// <summary>Names of the Macs.</summary>
    public static IEnumerable<string> Macs => Mac.All.Select(mac => mac.Name);

    private static int Placement(string name) => Cell.Placements.Union(Cell.MacPlacements).ToList().IndexOf(name);
}
