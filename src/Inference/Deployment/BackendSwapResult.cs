namespace Hotplug.Inference.Deployment;

/// <summary>What was done when a backend was swapped. Its models run on the new generation; the old one stands by until probation is over.</summary>
public sealed record BackendSwapResult
{
    /// <summary>Id of the backend.</summary>
    public required string Backend { get; init; }

    /// <summary>Number of the generation before, or null if there was none.</summary>
    public required long? From { get; init; }

    /// <summary>Number of the new generation.</summary>
    public required long To { get; init; }

    /// <summary>Version of the new generation's plugin.</summary>
    public required string Version { get; init; }

    /// <summary>Hash of its files, or null for code that is part of the host.</summary>
    public required string? ContentHash { get; init; }

    /// <summary>What was done to each model that used it.</summary>
    public required IReadOnlyList<ModelMove> Models { get; init; }

    /// <summary>How it ended: completes when probation is over and one of the generations was retired. Never fails.</summary>
    public required Task<BackendSwapOutcome> Completion { get; init; }
}
