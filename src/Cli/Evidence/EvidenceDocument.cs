using Hotplug.Runtime.Reports;
using System.Text.Json;
using Hotplug.Cli.Output;

namespace Hotplug.Cli.Evidence;

/// <summary>The JSON form of <c>hotplug doctor --gpu</c> and <c>--metal</c>.</summary>
internal sealed record EvidenceDocument
{
    public string Schema => "hotplug.evidence/1";
    public required string Version { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required string System { get; init; }
    public required string Runtime { get; init; }
    public required int CasesPerKernel { get; init; }
    public required int Seed { get; init; }

    /// <summary>Whether everything was done on small sizes: speeds then mean nothing.</summary>
    public required bool Quick { get; init; }
    public required IReadOnlyList<DeviceEvidence> Devices { get; init; }

    /// <summary>Hardware and drivers that were found or looked for and cannot be used.</summary>
    public required IReadOnlyList<DevicesDocument.RefusedItem> Refused { get; init; }

    /// <summary>Devices that are examined only when they are named.</summary>
    public required IReadOnlyList<string> OnlyWhenNamed { get; init; }

    /// <summary>passed, failed, or noDevice.</summary>
    public string Verdict => Devices.Count == 0 ? "noDevice" : Devices.All(d => d.Passed) ? "passed" : "failed";

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.EvidenceDocument);
}
