using System.Text.Json.Serialization;
using Hotplug.Abstractions.Devices;

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

    /// <summary>What the device says of the system and driver below it; empty if it says nothing.</summary>
    public IReadOnlyList<DeviceDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Its buffer types.</summary>
    public IReadOnlyList<BufferEvidence> Buffers { get; init; } = [];

    /// <summary>Every kernel that was asked for, those that the device does not have too.</summary>
    public required IReadOnlyList<KernelEvidence> Kernels { get; init; }

    /// <summary>Null if it could not be measured.</summary>
    public SpeedEvidence? Speed { get; init; }

    /// <summary>Null if it could not be run.</summary>
    public ModelEvidence? Model { get; init; }

    /// <summary>The embedded model under memory policies.</summary>
    public IReadOnlyList<LoadEvidence> Loads { get; init; } = [];

    /// <summary>What could not be looked at, and why.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Every kernel that the device says yes to is within the tolerance of the contract, there is one at least, and nothing else failed.</summary>
    public bool Passed => Kernels.Any(k => k.Cases > 0) && Kernels.All(k => k.Failure is null) && !Faults.Any();

    /// <summary>What is wrong besides kernels.</summary>
    [JsonIgnore]
    public IEnumerable<string> Faults =>
    [
        .. Failures,
        .. Diagnostics.Where(d => d.Outcome == DiagnosticOutcome.Failed).Select(d => $"{d.Group}: {d.Subject}{(d.Text.Length == 0 ? "" : $": {d.Text}")}"),
        .. Buffers.Where(b => b.Failure is not null).Select(b => $"{b.Name}: {b.Failure}"),
        .. Loads.SelectMany(l => l.Failures.Select(failure => $"load {l.Wishes}: {failure}")),
    ];
}
