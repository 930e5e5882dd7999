using System.Text.Json;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of the list of devices.</summary>
internal sealed record DevicesDocument
{
    public string Schema => "hotplug.devices/1";
    public required IReadOnlyList<ListedDevice> Devices { get; init; }
    public required PluginReport Plugins { get; init; }

    internal sealed record BufferType(string Name, string Traits, string Residency, ulong BaseAlignment, ulong TensorAlignment, ulong LargestAllocation);
    internal sealed record ListedDevice(string Name, string Description, string Kind, ulong? TotalBytes, ulong? FreeBytes, string? PhysicalIdentity, int KvPageTokens, IReadOnlyList<string> KvTypes,
        bool Deterministic, bool BatchInvariant, IReadOnlyList<BufferType> BufferTypes);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.DevicesDocument);
}
