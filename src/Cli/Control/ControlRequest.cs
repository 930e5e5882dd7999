namespace Hotplug.Cli.Control;

/// <summary>What is asked of a running process: one line of JSON.</summary>
internal sealed record ControlRequest
{
    /// <summary>Version of the protocol spoken here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the protocol of this request.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary><c>swap</c> or <c>place</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The backend to swap, or the one to place on.</summary>
    public string? Backend { get; init; }

    /// <summary>A folder of the plugin to load instead; absolute.</summary>
    public string? Folder { get; init; }

    /// <summary>Layers on the backend.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Places by tensor name, as PATTERN=DEVICE.</summary>
    public IReadOnlyList<string> Place { get; init; } = [];

    /// <summary>What becomes of generations under way; null for the default.</summary>
    public string? Policy { get; init; }

    /// <summary>Steps of probation; null for the default.</summary>
    public int? ProbationSteps { get; init; }

    /// <summary>Whether to answer only when probation is over and the old generation was unloaded.</summary>
    public bool Wait { get; init; }
}
