using System.Text.Json;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Reports;

/// <summary>What there is to run on, what was refused, and why: plain data, with a JSON form.</summary>
public sealed record DevicesDocument
{
    /// <summary>Name and version of the JSON form.</summary>
    public string Schema => "hotplug.devices/1";

    /// <summary>The devices of open backends.</summary>
    public required IReadOnlyList<ListedDevice> Devices { get; init; }

    /// <summary>What cannot be used.</summary>
    public required IReadOnlyList<RefusedItem> Refused { get; init; }

    /// <summary>Devices, or backends that are not open, that are used only when they are named.</summary>
    public required IReadOnlyList<string> OnlyWhenNamed { get; init; }

    /// <summary>What was searched, found and loaded.</summary>
    public required PluginReport Plugins { get; init; }

    /// <summary>Hardware or a driver that cannot be used.</summary>
    /// <param name="Backend">The backend that looked for it.</param>
    /// <param name="Name">What it is; null where a backend was not opened and said why it cannot run, or only when named.</param>
    /// <param name="Reason">Why.</param>
    public sealed record RefusedItem(string Backend, string? Name, string Reason)
    {
        /// <summary>What open backends refused, and what those that are not open said when they were asked, or how they failed.</summary>
        public static IReadOnlyList<RefusedItem> All(PluginReport report)
        {
            ArgumentNullException.ThrowIfNull(report);
            return [.. report.Backends.SelectMany(Of)];
        }

        private static IEnumerable<RefusedItem> Of(BackendDescription backend)
            => backend.Devices.Count != 0 ? backend.Refused.Select(r => new RefusedItem(backend.Id, r.Name, r.Reason))
                : backend.ProbeReasons.Count != 0 ? backend.ProbeReasons.Select(r => new RefusedItem(backend.Id, null, r))
                : backend.Problem is { } problem ? [new(backend.Id, null, problem)] : [];

        /// <inheritdoc/>
        public override string ToString() => Name is null ? Reason : $"{Name}: {Reason}";
    }

    /// <summary>A buffer type of a device.</summary>
    public sealed record BufferType(string Name, string Traits, string Residency, ulong BaseAlignment, ulong TensorAlignment, ulong LargestAllocation);

    /// <summary>A device as it describes itself; bytes are null where it does not know them.</summary>
    public sealed record ListedDevice(string Name, string Description, string Kind, ulong? TotalBytes, ulong? FreeBytes, string? PhysicalIdentity, int KvPageTokens, IReadOnlyList<string> KvTypes,
        bool Deterministic, bool BatchInvariant, IReadOnlyList<BufferType> BufferTypes);

    /// <summary>Lists the devices of backends that are open; opens none.</summary>
    /// <param name="catalog">The backends.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<DevicesDocument> OfOpenAsync(IBackendCatalog catalog, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var slots = new List<BackendSlot>();
        foreach (var backend in catalog.Backends.Where(b => b.State == BackendState.Active)) slots.Add(await catalog.GetAsync(backend.Id, cancellation).ConfigureAwait(false));
        return await DescribeAsync(catalog, slots, all: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens the backends that can run here, and lists their devices.</summary>
    /// <param name="catalog">The backends.</param>
    /// <param name="all">Whether what is used only when named is opened and listed too.</param>
    /// <param name="cancellation">Stops between two backends.</param>
    public static async Task<DevicesDocument> OpenAsync(IBackendCatalog catalog, bool all = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var found = await catalog.ListDevicesAsync(all, cancellation: cancellation).ConfigureAwait(false);
        return await DescribeAsync(catalog, found.Select(d => d.Slot).Distinct(), all, cancellation).ConfigureAwait(false);
    }

    /// <summary>The document as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.DevicesDocument);

    private static async Task<DevicesDocument> DescribeAsync(IBackendCatalog catalog, IEnumerable<BackendSlot> slots, bool all, CancellationToken cancellation)
    {
        var devices = new List<ListedDevice>();
        var (failed, hidden) = (new List<RefusedItem>(), new List<string>());
        foreach (var slot in slots)
        {
            try
            {
                // A device that does not answer keeps a thread, and not whoever asked.
                foreach (var device in await ThreadOfItsOwn.RunAsync(() => Of(slot)).WaitAsync(cancellation).ConfigureAwait(false))
                    if (!all && device.Kind == nameof(DeviceKind.Emulation)) hidden.Add(device.Name);
                    else devices.Add(device);
            }
            catch (BackendException failure)
            {
                failed.Add(new(slot.Id, null, failure.Message));
            }
        }
        var report = catalog.Report();
        hidden.AddRange(report.Backends.Where(b => b is { OnlyWhenNamed: true, Devices.Count: 0, Problem: null }).Select(b => b.Id));
        return new() { Devices = devices, Refused = [.. RefusedItem.All(report), .. failed], OnlyWhenNamed = hidden, Plugins = report };
    }

    private static ListedDevice[] Of(BackendSlot slot)
    {
        using var lease = slot.TryAcquire("devices");
        // It may have left meanwhile.
        return lease is null ? [] : BackendCall.Invoke(slot.Id, "QueryMemory", (lease.Devices, slot.Id), static of => of.Devices.Select(device => Of(device, of.Id)).ToArray());
    }

    private static ListedDevice Of(IDevice device, string backend)
    {
        var (info, memory) = (device.Info, device.QueryMemory());
        return new(DeviceAddress.Of(backend, info.Id).ToString(), info.Name, info.Kind.ToString(), memory.Total, memory.Free, info.PhysicalIdentity, info.KvPageTokens,
            [.. info.KvTypes.Select(t => t.ToString())], info.IsDeterministic, info.IsBatchInvariant,
            [.. device.BufferTypes.Select(t => new BufferType(t.Name, TraitsText.Of(t.Traits), t.Traits.Residency.ToString(), t.BaseAlignment, t.TensorAlignment, t.MaxLength))]);
    }
}
