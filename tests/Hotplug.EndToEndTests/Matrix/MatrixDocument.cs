using System.Globalization;
using System.Text;
using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>Writes the tables of docs/policy-matrix.md from the data.</summary>
internal static class MatrixDocument
{
    private const string Begin = "<!-- tables: written from the data, see above -->", End = "<!-- end of tables -->";

    /// <summary>The document with its tables replaced.</summary>
    public static string Insert(string document, IReadOnlyDictionary<Cell, ExpectedCell> cells)
    {
        var from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = document.IndexOf(End, StringComparison.Ordinal);
        return document[..from] + "\n\n" + Tables(cells) + "\n" + document[to..];
    }

    private static string Tables(IReadOnlyDictionary<Cell, ExpectedCell> cells)
    {
        var text = new StringBuilder();
        foreach (var placement in Cell.Placements)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {Title(placement)}\n\n| map | largest | parts, mapped, copied, far | lock off | lock try: none, 8 MiB | lock try: 0 | lock require: none, 8 MiB | lock require: 0 |\n|---|---|---|---|---|---|---|---|\n");
            foreach (var largest in Cell.LargestAllocations)
                foreach (var map in Cell.Maps)
                {
                    ExpectedCell At(string @lock, string limit) => cells[new(map, @lock, placement, limit, largest)];
                    string Both(string @lock) => Outcome(At(@lock, "none")) == Outcome(At(@lock, "8MiB")) ? Outcome(At(@lock, "none")) : $"{Outcome(At(@lock, "none"))}; {Outcome(At(@lock, "8MiB"))}";
                    var off = At("off", "none");
                    text.Append(CultureInfo.InvariantCulture, $"| {map} | {(largest == "natural" ? "natural" : "1.25 MiB")} | {off.Parts}, {off.Mapped}, {off.Copied}, {off.Far} | {Outcome(off)} | {Both("try")} | {Outcome(At("try", "0"))} | {Both("require")} | {Outcome(At("require", "0"))} |\n");
                }
            text.Append('\n');
        }
        text.Append("### Largest allocation 1 MiB\n\n| placement | outcome at every limit |\n|---|---|\n");
        foreach (var cell in Cell.TooSmall("none")) text.Append(CultureInfo.InvariantCulture, $"| {cell.Placement} | {Outcome(cells[cell])} |\n");
        return text.ToString();
    }

    private static string Outcome(ExpectedCell row) => row.IsRefused ? $"**refused**: {row.Codes.Replace("+", ", ", StringComparison.Ordinal)}"
        : row.Cell.Lock == "off" ? "loads" : $"{row.Locked} locked, {row.NotLocked} not";

    private static string Title(string placement) => placement switch
    {
        "cpu" => "Everything on cpu",
        "far" => "Everything on far",
        "layers" => "Split by layer",
        _ => "Split by pattern",
    };
}
