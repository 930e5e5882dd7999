namespace Hotplug.LoadBench;

/// <summary>What one load of one server gave.</summary>
internal sealed record LoadReport
{
    public required string Server { get; init; }

    /// <summary>Tokens per second of one client after the other, prompts included.</summary>
    public required double AloneTokensPerSecond { get; init; }

    public required int Requests { get; init; }

    /// <summary>From the first request to the end of the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds that processors gave the server meanwhile; NaN where the system does not say.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>Tokens of all answers.</summary>
    public required long Tokens { get; init; }

    /// <summary>Requests that were not answered to their end, or with another text than alone.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Milliseconds to the first text: half, 95 and 99 of a hundred were sooner.</summary>
    public required Percentiles First { get; init; }

    /// <summary>Milliseconds between two pieces of text.</summary>
    public required Percentiles Gaps { get; init; }

    public required SwapRecord Swaps { get; init; }

    /// <summary>One a second; the first is of before the load.</summary>
    public required IReadOnlyList<MemorySample> Memory { get; init; }

    public double TokensPerSecond => Tokens / Seconds;

    /// <summary>Milliseconds of a processor per token: what a machine that does other things too changes least.</summary>
    public double ProcessorMilliseconds => ProcessorSeconds * 1000 / Tokens;
}
