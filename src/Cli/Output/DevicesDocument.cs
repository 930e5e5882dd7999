using System.Text.Json;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of the list of devices.</summary>
internal sealed record DevicesDocument
{
    public string Schema => "hotplug.devices/1";
    public required IReadOnlyList<ListedDevice> Devices { get; init; }
    public required IReadOnlyList<RefusedItem> Refused { get; init; }
    public required IReadOnlyList<string> OnlyWhenNamed { get; init; }
    public required PluginReport Plugins { get; init; }

    /// <summary>Hardware or a driver that cannot be used.</summary>
    /// <param name="Backend">The backend that looked for it.</param>
    /// <param name="Name">What it is; null where a backend was not opened and said why it cannot run, or only when named.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record RefusedItem(string Backend, string? Name, string Reason)
    {
        /// <summary>What open backends refused, and what those that are not open said when they were asked, or how they failed.</summary>
        public static IReadOnlyList<RefusedItem> All(PluginReport report) => [.. report.Backends.SelectMany(Of)];

        private static IEnumerable<RefusedItem> Of(BackendDescription backend)
            => backend.Devices.Count != 0 ? backend.Refused.Select(r => new RefusedItem(backend.Id, r.Name, r.Reason))
                : backend.ProbeReasons.Count != 0 ? backend.ProbeReasons.Select(r => new RefusedItem(backend.Id, null, r))
                : backend.Problem is { } problem ? [new(backend.Id, null, problem)] : [];

        public override string ToString() => Name is null ? Reason : $"{Name}: {Reason}";
    }

    internal sealed record BufferType(string Name, string Traits, string Residency, ulong BaseAlignment, ulong TensorAlignment, ulong LargestAllocation);
    internal sealed record ListedDevice(string Name, string Description, string Kind, ulong? TotalBytes, ulong? FreeBytes, string? PhysicalIdentity, int KvPageTokens, IReadOnlyList<string> KvTypes,
        bool Deterministic, bool BatchInvariant, IReadOnlyList<BufferType> BufferTypes);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.DevicesDocument);
}
