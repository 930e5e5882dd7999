namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>What came of swaps at random moments.</summary>
public sealed record SwapReport
{
    /// <summary>Swaps and changes of place made.</summary>
    public required int Swaps { get; init; }

    /// <summary>Sessions that were put elsewhere, by what became of them.</summary>
    public required IReadOnlyDictionary<string, int> Sessions { get; init; }

    /// <summary>Generations of text that came to their end.</summary>
    public required int Requests { get; init; }

    /// <summary>What went wrong in one.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Texts that are not what they would be without swaps.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>What became of generations of backends that were retired, by state and backend.</summary>
    public required IReadOnlyDictionary<string, int> Retired { get; init; }

    /// <summary>What holds generations that should be gone.</summary>
    public required IReadOnlyList<string> Holders { get; init; }

    /// <summary>Load contexts alive at the end, by plugin.</summary>
    public required IReadOnlyDictionary<string, int> Contexts { get; init; }

    /// <summary>The least that the process had at any look in the second quarter of the swaps.</summary>
    public required ProcessState Early { get; init; }

    /// <summary>The least that it had at any look in the last quarter.</summary>
    public required ProcessState Late { get; init; }

    /// <summary>The process with the model gone.</summary>
    public required ProcessState End { get; init; }
}
