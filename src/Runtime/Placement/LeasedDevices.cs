using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Placement;

/// <summary>Devices to place a model on, with the leases that keep their backends from leaving. Dispose after everything that was made with them.</summary>
public sealed class LeasedDevices : IDisposable
{
    private const string HostBackend = "cpu";
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(10);
    private readonly List<BackendLease> _leases = [];

    private LeasedDevices() { }

    /// <summary>The devices, in order of preference.</summary>
    public IReadOnlyList<PlacementDevice> Devices { get; private set; } = [];

    /// <summary>The generations the leases are on, by id of the backend.</summary>
    public IEnumerable<(string Backend, long Generation)> Generations => _leases.Select(l => (l.Generation.Id, l.Generation.Number));

    /// <summary>What is wrong with one of the backends, or null while all are well. Asked before every step: allocates nothing.</summary>
    public string? FaultReason
    {
        get
        {
            foreach (var lease in _leases)
                if (lease.Generation.FaultReason is { } reason) return reason;
            return null;
        }
    }

    /// <summary>Ids of the backends that have failed.</summary>
    public IEnumerable<string> FaultedBackends => _leases.Where(l => l.Generation.FaultReason is not null).Select(l => l.Generation.Id);

    /// <summary>Marks the generation of a backend as faulted, for all who use it.</summary>
    /// <param name="backend">Id of the backend.</param>
    /// <param name="reason">What failed, for people.</param>
    /// <param name="hungCall">The call that has not come back, or null if all have.</param>
    public void Quarantine(string backend, string reason, string? hungCall = null)
    {
        foreach (var lease in _leases)
        {
            if (lease.Generation.Id != backend) continue;
            if (hungCall is null) lease.Generation.Quarantine(reason);
            else lease.Generation.GiveUp(hungCall);
        }
    }

    /// <summary>
    /// Opens the backends that the wishes may need and no others: those named, and the CPU for what they cannot do; with an automatic choice all that can run here.
    /// </summary>
    /// <param name="catalog">The backends there are.</param>
    /// <param name="wishes">Wishes about places.</param>
    /// <param name="owner">For whom, as the leases will say.</param>
    /// <param name="cancellation">Stops the opening.</param>
    /// <param name="staged">A generation to use instead of the one in its backend's slot; null for none.</param>
    /// <param name="except">Ids of backends that are not opened unless the wishes name them; null for none.</param>
    /// <param name="patience">How long the devices of a backend may take to say what memory they have; null for ten minutes.</param>
    /// <exception cref="BackendUnavailableException">A backend that is named is not there; the message lists what is, and why others were rejected.</exception>
    public static async Task<LeasedDevices> OpenAsync(IBackendCatalog catalog, PlacementOptions wishes, string owner, CancellationToken cancellation = default,
        StagedBackend? staged = null, IReadOnlySet<string>? except = null, TimeSpan? patience = null)
    {
        var leased = new LeasedDevices();
        try
        {
            var slots = new List<BackendSlot>();
            var automatic = string.Equals(wishes.Backend, PlacementOptions.Auto, StringComparison.OrdinalIgnoreCase);
            if (automatic)
                foreach (var device in await catalog.ListDevicesAsync(except: except, cancellation: cancellation).ConfigureAwait(false)) Add(device.Slot);
            else
                Add((await catalog.GetDeviceAsync(wishes.Backend, cancellation).ConfigureAwait(false)).Slot);
            foreach (var rule in wishes.Rules)
                Add((await catalog.GetDeviceAsync(rule.Device, cancellation).ConfigureAwait(false)).Slot);
            // A backend that is asked for alone still needs somebody to take what it refuses.
            if (except?.Contains(HostBackend) != true && catalog.Backends.Any(b => b.Id == HostBackend)) Add(await catalog.GetAsync(HostBackend, cancellation).ConfigureAwait(false));

            var devices = new List<PlacementDevice>();
            foreach (var slot in slots)
            {
                var lease = slot.Id == staged?.Slot.Id ? staged.Acquire(owner) : slot.Acquire(owner);
                leased._leases.Add(lease);
                devices.AddRange(await DescribeAsync(lease, slot.Id, patience ?? DefaultPatience).ConfigureAwait(false));
            }
            leased.Devices = devices;
            return leased;

            void Add(BackendSlot slot)
            {
                if (!slots.Contains(slot)) slots.Add(slot);
            }
        }
        catch
        {
            leased.Dispose();
            throw;
        }
    }

    /// <summary>Asks the devices of a backend for their memory.</summary>
    private static async Task<PlacementDevice[]> DescribeAsync(BackendLease lease, string backend, TimeSpan patience)
    {
        var asked = ThreadOfItsOwn.RunAsync(() => BackendCall.Invoke(backend, "QueryMemory", (lease.Devices, backend), static of => of.Devices.Select(device => new PlacementDevice
        {
            Name = DeviceAddress.Of(of.backend, device.Info.Id).ToString(), Backend = of.backend, Device = device, Memory = device.QueryMemory(),
        }).ToArray()));
        try
        {
            return await asked.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!asked.IsCompleted)
        {
            _ = asked.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            lease.Generation.GiveUp($"QueryMemory of {backend}");
            throw new BackendFaultException(FaultKind.TimedOut, backend, "QueryMemory", $"no answer within {patience.TotalSeconds:0.#} s; this generation is not called again");
        }
    }

    /// <summary>Returns the leases on backends that a plan makes no use of, so that they may be exchanged or go.</summary>
    /// <param name="plan">The plan that is to be loaded.</param>
    /// <returns>The plan without the devices that are no longer leased.</returns>
    public LoadPlan KeepOnly(LoadPlan plan)
    {
        var used = plan.Devices.Select(d => d.Backend).ToHashSet();
        foreach (var lease in _leases.Where(l => !used.Contains(l.Generation.Id)).ToArray())
        {
            _leases.Remove(lease);
            lease.Dispose();
        }
        Devices = [.. Devices.Where(d => used.Contains(d.Backend))];
        return plan with { Request = plan.Request with { Devices = Devices } };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lease in _leases) lease.Dispose();
        _leases.Clear();
        Devices = [];
    }
}
