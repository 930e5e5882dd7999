using System.Collections.Concurrent;
using Hotplug.EndToEndTests.Matrix;
using Hotplug.EndToEndTests.Programs;
using Hotplug.PolicyMatrix;
using Hotplug.PolicyMatrix.Cells;
using Xunit;

[assembly: AssemblyFixture(typeof(MatrixRuns))]

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>The runs of the matrix program, one per lock limit, each in a process of its own that takes on the limit for good. Started with the first cell that asks.</summary>
public sealed class MatrixRuns : IDisposable
{
    private const int Unavailable = 77;
    private readonly Lazy<Workplace> _workplace = new(() => new Workplace());
    private readonly Lazy<string> _program;
    private readonly ConcurrentDictionary<string, Lazy<Task<LevelRun>>> _runs = new();

    public MatrixRuns() => _program = new(() => _workplace.Value.CopyFolder(Repository.Matrix, "program"));

    /// <summary>Cells of a level and the ends of its Macs, or why there are none.</summary>
    public sealed record LevelRun(IReadOnlyDictionary<Cell, CellResult> Cells, IReadOnlyDictionary<string, MacEnd> Ends, string? Skip)
    {
        /// <summary>A level that cannot be had.</summary>
        public LevelRun(string skip) : this(new Dictionary<Cell, CellResult>(), new Dictionary<string, MacEnd>(), skip) { }
    }

    /// <summary>The run of a level.</summary>
    public Task<LevelRun> OfAsync(string limit)
    {
        // Asked for one, all are started: they run side by side.
        foreach (var level in Cell.Limits) _ = Lazily(level).Value;
        return Lazily(limit).Value;
    }

    /// <summary>The result of a cell; skips the test if the level cannot be had.</summary>
    public async Task<CellResult> OfAsync(Cell cell)
    {
        var run = await OfAsync(cell.Limit);
        if (run.Skip is { } reason) Assert.Skip(reason);
        return run.Cells[cell];
    }

    public void Dispose()
    {
        if (!_workplace.IsValueCreated) return;
        Task.WaitAll(_runs.Values.Select(run => run.Value.ContinueWith(static _ => { }, TaskScheduler.Default)));
        _workplace.Value.Dispose();
    }

    private Lazy<Task<LevelRun>> Lazily(string limit) => _runs.GetOrAdd(limit, level => new(() => Task.Run(() => RunAsync(level))));

    private async Task<LevelRun> RunAsync(string limit)
    {
        if (!OperatingSystem.IsLinux()) return new("The matrix compares with /proc and lowers limits as Linux does.");
        if (_workplace.Value.WhyNotForEverybody() is { } closed) return new(closed);
        // A file of its own: what the system says of a page that several processes map is divided among them.
        var model = _workplace.Value.CopyFile(Repository.StoryModel, $"story-{limit}.gguf");
        var cache = _workplace.Value.NewFolder($"cache-{limit}");
        var result = await ChildProcess.RunAsync(Path.Combine(_program.Value, "Hotplug.PolicyMatrix.dll"), ["cells", limit, model, cache],
            new Dictionary<string, string?> { ["HOME"] = cache }, patience: TimeSpan.FromMinutes(8));
        if (result.ExitCode == Unavailable) return new(result.Error.Trim());
        if (result.ExitCode != 0) throw new InvalidOperationException($"The matrix program ended with {result.ExitCode} at limit {limit}: {result.Error}");
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToLookup(ResultJson.IsEnd);
        return new(lines[false].Select(ResultJson.Read).ToDictionary(cell => cell.Cell), lines[true].Select(ResultJson.ReadEnd).ToDictionary(end => end.Mac), null);
    }
}
