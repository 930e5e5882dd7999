using System.Text.Json;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a benchmark.</summary>
internal sealed record BenchDocument
{
    public string Schema => "hotplug.bench/1";
    public required string Model { get; init; }
    public required string Backend { get; init; }
    public required int Threads { get; init; }
    public required string KvType { get; init; }
    public required int Depth { get; init; }
    public required double LoadMilliseconds { get; init; }
    public required double FirstTokenMilliseconds { get; init; }
    public required long ResidentBytes { get; init; }
    public required long PeakResidentBytes { get; init; }
    public required long AnonymousBytes { get; init; }
    public required long KvBytes { get; init; }
    public required long WorkspaceBytes { get; init; }
    public Series? Prefill { get; init; }
    public Series? Decode { get; init; }

    /// <summary>Repeated measurements of one thing.</summary>
    /// <param name="Tokens">Tokens of each run.</param>
    /// <param name="TokensPerSecond">Median over the runs.</param>
    /// <param name="Runs">Each run.</param>
    /// <param name="AllocatedBytesPerToken">Managed bytes allocated by the process per token, in the last run.</param>
    internal sealed record Series(int Tokens, double TokensPerSecond, IReadOnlyList<double> Runs, double AllocatedBytesPerToken);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.BenchDocument);
}
