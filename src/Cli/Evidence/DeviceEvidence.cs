namespace Hotplug.Cli.Evidence;

/// <summary>What was found of one device.</summary>
internal sealed record DeviceEvidence
{
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required string Kind { get; init; }
    public required string Backend { get; init; }
    public string? PhysicalIdentity { get; init; }
    public ulong? TotalBytes { get; init; }
    public ulong? FreeBytes { get; init; }

    /// <summary>Every kernel that was asked for, those that the device does not have too.</summary>
    public required IReadOnlyList<KernelEvidence> Kernels { get; init; }

    /// <summary>Null if it could not be measured.</summary>
    public SpeedEvidence? Speed { get; init; }

    /// <summary>Null if it could not be run.</summary>
    public ModelEvidence? Model { get; init; }

    /// <summary>What failed besides kernels.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Every kernel that the device says yes to is within the tolerance of the contract, there is one at least, and nothing else failed.</summary>
    public bool Passed => Failures.Count == 0 && Kernels.Any(k => k.Cases > 0) && Kernels.All(k => k.Failure is null);
}
