using System.Text.Json;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a benchmark.</summary>
internal sealed record BenchDocument
{
    public string Schema => "hotplug.bench/1";
    public required string Model { get; init; }
    public required string Backend { get; init; }
    public required int Threads { get; init; }

    /// <summary>Settings of backends that were given, as BACKEND.KEY=VALUE.</summary>
    public required IReadOnlyList<string> Settings { get; init; }
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

    /// <summary>Limits of the device, if they were asked for.</summary>
    public RooflineSection? Roofline { get; init; }

    /// <summary>Share of the device's fastest arithmetic that the products of the prompt took, 0 to 1.</summary>
    public double? PrefillShareOfPeak { get; init; }

    /// <summary>Share of the device's bandwidth that reading the weights took, 0 to 1.</summary>
    public double? DecodeShareOfBandwidth { get; init; }

    /// <summary>Repeated measurements of one thing.</summary>
    /// <param name="Tokens">Tokens of each run.</param>
    /// <param name="TokensPerSecond">Median over the runs.</param>
    /// <param name="Runs">Each run.</param>
    /// <param name="AllocatedBytesPerToken">Managed bytes allocated by the process per token, in the last run.</param>
    internal sealed record Series(int Tokens, double TokensPerSecond, IReadOnlyList<double> Runs, double AllocatedBytesPerToken);

    /// <summary>What a device can do at most.</summary>
    internal sealed record RooflineSection
    {
        public required string Device { get; init; }
        public required IReadOnlyList<Limit> Figures { get; init; }
        public required double FreshPageSeconds { get; init; }
        public required double MappedPageSeconds { get; init; }
    }

    /// <summary>One limit: bytes, products or seconds, by its kind.</summary>
    internal sealed record Limit(string Kind, string Subject, int Threads, double Value);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.BenchDocument);
}
