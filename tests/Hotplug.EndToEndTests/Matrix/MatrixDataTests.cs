using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Gguf;
using Hotplug.PolicyMatrix.Cells;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>The expectations hang together: rules, data and documentation say the same. With HOTPLUG_UPDATE=1 data and documentation are written anew from the rules.</summary>
public sealed class MatrixDataTests
{
    private static bool Update => Environment.GetEnvironmentVariable("HOTPLUG_UPDATE") == "1";

    [Fact]
    public void Every_row_of_the_data_follows_from_the_rules()
    {
        var tensors = GgufFile.Open(Repository.StoryModel).Tensors.Select(t => new MatrixRules.FileTensor(t.Spec.Name, t.FileOffset, t.Spec.ByteLength)).ToList();
        var rows = ExpectedMatrix.Order.Select(cell => MatrixRules.Expect(cell, tensors)).ToList();
        if (Update) File.WriteAllLines(ExpectedMatrix.SourcePath, rows.Select(row => row.ToString()).Prepend(ExpectedCell.Header));
        Assert.Equal(rows.Select(row => row.ToString()).Prepend(ExpectedCell.Header), File.ReadAllLines(ExpectedMatrix.SourcePath));
    }

    [Fact]
    public void The_matrix_is_complete_and_refuses_only_where_something_is_required()
    {
        var matrix = ExpectedMatrix.Macs.Prepend("").SelectMany(mac => Cell.Limits.SelectMany(limit => Cell.Of(limit, mac))).ToList();
        Assert.Equal(216, matrix.Distinct().Count(cell => cell.Mac.Length == 0));
        Assert.Equal(4 * 162, matrix.Distinct().Count(cell => cell.Mac.Length != 0));
        Assert.All(matrix, cell => Assert.Contains(cell, ExpectedMatrix.Cells));
        Assert.All(ExpectedMatrix.Cells.Values.Where(row => row.IsRefused && row.Cell.Largest != "1048576"), row => Assert.Contains("require", new[] { row.Cell.Map, row.Cell.Lock }));
    }

    [Fact]
    public void The_documentation_says_what_the_data_say()
    {
        var path = Path.Combine(Repository.Root, "docs", "policy-matrix.md");
        var text = File.ReadAllText(path);
        var written = MatrixDocument.Insert(text, ExpectedMatrix.Cells);
        if (Update) File.WriteAllText(path, written);
        else Assert.Equal(written, text);
    }
}
