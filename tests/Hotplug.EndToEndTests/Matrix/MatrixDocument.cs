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
        foreach (var placement in Cell.Placements) text.Append(CultureInfo.InvariantCulture, $"### {Title(placement)}\n\n{Table(cells, placement, "")}\n");
        foreach (var memory in Mac.All.GroupBy(mac => mac.IsUnified))
            foreach (var placement in Cell.MacPlacements)
                foreach (var table in memory.GroupBy(mac => Table(cells, placement, mac.Name)))
                {
                    var pages = string.Join(" and ", table.Select(mac => $"{mac.PageSize >> 10} KiB"));
                    text.Append(CultureInfo.InvariantCulture, $"### {Title(placement)}: Metal, {(memory.Key ? "unified" : "discrete")} memory, pages of {pages}\n\n{table.Key}\n");
                }
        text.Append("### Largest allocation 1 MiB\n\n| device | placement | outcome at every limit |\n|---|---|---|\n");
        foreach (var mac in ExpectedMatrix.Macs.Prepend(""))
            foreach (var cell in Cell.TooSmall("none", mac)) text.Append(CultureInfo.InvariantCulture, $"| {(mac.Length == 0 ? "far" : $"Metal, {mac}")} | {cell.Placement} | {Outcome(cells[cell])} |\n");
        return text.ToString();
    }

    private static string Table(IReadOnlyDictionary<Cell, ExpectedCell> cells, string placement, string mac)
    {
        var text = new StringBuilder("| map | largest | parts, mapped, copied, on the device | lock off | lock try: none, 8 MiB | lock try: 0 | lock require: none, 8 MiB | lock require: 0 |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var largest in Cell.LargestAllocations)
            foreach (var map in Cell.Maps)
            {
                ExpectedCell At(string @lock, string limit) => cells[new(map, @lock, placement, limit, largest, mac)];
                string Both(string @lock) => Outcome(At(@lock, "none")) == Outcome(At(@lock, "8MiB")) ? Outcome(At(@lock, "none")) : $"{Outcome(At(@lock, "none"))}; {Outcome(At(@lock, "8MiB"))}";
                var off = At("off", "none");
                text.Append(CultureInfo.InvariantCulture, $"| {map} | {(largest == "natural" ? "natural" : "1.25 MiB")} | {off.Parts}, {off.Mapped}, {off.Copied}, {off.Device} | {Outcome(off)} | {Both("try")} | {Outcome(At("try", "0"))} | {Both("require")} | {Outcome(At("require", "0"))} |\n");
            }
        return text.ToString();
    }

    private static string Outcome(ExpectedCell row) => row.IsRefused ? $"**refused**: {row.Codes.Replace("+", ", ", StringComparison.Ordinal)}"
        : row.Cell.Lock == "off" ? "loads" : $"{row.Locked} locked, {row.NotLocked} not";

    private static string Title(string placement) => placement switch
    {
        "cpu" => "Everything on cpu",
        "far" => "Everything on far",
        "metal" => "Everything on the device",
        "layers" => "Split by layer",
        _ => "Split by pattern",
    };
}
