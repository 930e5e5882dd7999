using System.Collections.Concurrent;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Services;
using Microsoft.Extensions.Logging;

namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>
/// One load of a backend: its code, its devices, what it was lent, and how many leases are on it. Made by the catalogue, reached through a <see cref="BackendSlot"/>.
/// </summary>
public sealed partial class BackendGeneration : IAsyncDisposable
{
    // Leases are counted below this bit; the bit says that no more are given. One word, so that counting and closing cannot miss each other.
    private const long Closed = 1L << 62;

    private static long _numbers;

    private readonly BackendLifecycle _lifecycle;
    private readonly PluginHost _host;
    private readonly ConcurrentDictionary<BackendLease, byte> _leases = new(ReferenceEqualityComparer.Instance);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _retiring = new();
    private Task<UnloadResult>? _retired;
    private PluginContext? _context;
    private IBackendPlugin? _plugin;
    private IBackend? _backend;
    private IDevice[] _devices = [];
    private long _count;
    private volatile string? _faultReason;
    private volatile string? _hungCall;

    private BackendGeneration(long number, PluginContext context, BackendLifecycle lifecycle, PluginHost host)
    {
        (Number, Id, _context, _lifecycle, _host) = (number, context.Id, context, lifecycle, host);
        (Folder, ContentHash, Notice, IsPinned) = (context.Folder, context.ContentHash, context.Notice, context.Mode == Discovery.PluginLoadMode.Pinned);
    }

    /// <summary>Id of the backend.</summary>
    public string Id { get; }

    /// <summary>Number of the generation, rising within the process.</summary>
    public long Number { get; }

    /// <summary>The folder the code was loaded from: a copy.</summary>
    public string Folder { get; }

    /// <summary>Hash of the plugin's files, or null for code that is part of the host.</summary>
    public string? ContentHash { get; }

    /// <summary>What did not go as usual when it was loaded, or null.</summary>
    public string? Notice { get; }

    /// <summary>Whether its code stays in the process for good.</summary>
    public bool IsPinned { get; }

    /// <summary>State at this moment.</summary>
    public BackendState State => _lifecycle.State;

    /// <summary>Why it takes no more work and is not to be used again, or null while nothing is wrong with it. Kept when it is retired.</summary>
    public string? FaultReason => _faultReason;

    /// <summary>Leases out at this moment.</summary>
    public long Leases => Volatile.Read(ref _count) & ~Closed;

    /// <summary>Completes when no more leases are given and all are back.</summary>
    public Task Drained => _drained.Task;

    /// <summary>What the plugin has from its host at this moment.</summary>
    public HostLedgerTotals Outstanding => _host.Outstanding;

    /// <summary>What the plugin said when it was asked whether it can run here.</summary>
    public ProbeResult? Probe { get; private set; }

    /// <summary>What the backend states of itself; null until its devices are open.</summary>
    public BackendInfo? Info { get; private set; }

    /// <summary>What its devices state of themselves; kept after it is gone.</summary>
    public IReadOnlyList<DeviceInfo> DeviceInfos { get; private set; } = [];

    internal IBackend Backend => _backend ?? throw new BackendUnavailableException(Id, $"Backend '{Id}' has no open devices (it is {State}).");

    internal IReadOnlyList<IDevice> Devices => _devices;

    /// <summary>Loads a plugin's code. Its devices stay closed until <see cref="OpenAsync"/>.</summary>
    internal static BackendGeneration Load(Func<PluginContext> load, string id, string reason, int? threads, ILoggerFactory loggers, Action<BackendTransition>? listener)
    {
        var number = Interlocked.Increment(ref _numbers);
        var logger = loggers.CreateLogger($"Hotplug.Plugin.{id}");
        var lifecycle = new BackendLifecycle(id, number, logger, listener);
        lifecycle.Step(BackendState.Validated, "its folder, metadata and contract version are right");
        PluginContext? context = null;
        BackendGeneration? made = null;
        try
        {
            context = load();
            made = new BackendGeneration(number, context, lifecycle, new PluginHost(id, context.Folder, threads, logger));
            made.Instantiate();
            lifecycle.Step(BackendState.Loaded, reason);
            return made;
        }
        catch (Exception failure)
        {
            lifecycle.TryStep(BackendState.Faulted, failure.Message);
            // Nothing of it is in use: what can be forgotten is.
            if (made is not null) made.Abandon();
            else if (context is not null) Forget(context);
            throw;
        }
    }

    internal BackendLease? TryAcquire(string owner)
    {
        var count = Volatile.Read(ref _count);
        while (true)
        {
            if ((count & Closed) != 0) return null;
            var before = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (before == count) break;
            count = before;
        }
        var lease = new BackendLease(this, owner);
        _leases.TryAdd(lease, 0);
        RuntimeMeter.CountLeases(Id, 1);
        return lease;
    }

    internal void Return(BackendLease lease)
    {
        _leases.TryRemove(lease, out _);
        RuntimeMeter.CountLeases(Id, -1);
        if (Interlocked.Decrement(ref _count) == Closed) _drained.TrySetResult();
    }

    /// <summary>Gives no more leases. <see cref="Drained"/> completes when those out are back.</summary>
    internal void Close()
    {
        if (Interlocked.Or(ref _count, Closed) == 0) _drained.TrySetResult();
    }

    /// <summary>Takes no more work because another generation took its place; it may be taken back with <see cref="TryResume"/> while a lease is on it.</summary>
    internal void StandDown(string reason)
    {
        Close();
        _lifecycle.TryStep(BackendState.Draining, reason);
    }

    /// <summary>Takes work again after <see cref="StandDown"/>. False if it is drained or being retired, or has failed.</summary>
    internal bool TryResume(string reason)
    {
        lock (_retiring)
        {
            if (_retired is not null || _drained.Task.IsCompleted || _faultReason is not null || !_lifecycle.TryStep(BackendState.Active, reason)) return false;
            Interlocked.And(ref _count, ~Closed);
            return true;
        }
    }

    /// <summary>Marks it as faulted: it takes no new work, and is to be retired.</summary>
    /// <param name="reason">What failed, as text.</param>
    public void Quarantine(string reason)
    {
        _faultReason ??= reason;
        if (_lifecycle.TryStep(BackendState.Faulted, reason)) Close();
    }

    /// <summary>Marks it as faulted by a call that has not come back: nothing of it is disposed, since the call may be using it.</summary>
    /// <param name="call">Which call, for people.</param>
    internal void GiveUp(string call)
    {
        _hungCall = call;
        Quarantine($"{call} has not come back");
    }

    /// <summary>The names and ages of the leases that are out.</summary>
    public IReadOnlyList<string> DescribeLeases() => [.. _leases.Keys.Select(l => $"the lease of {l.Owner}, held for {l.Age.TotalSeconds:0.#} s").Order(StringComparer.Ordinal)];

    internal IDevice Device(string? id)
    {
        if (_devices.Length == 0) throw new BackendUnavailableException(Id, $"Backend '{Id}' has no open devices (it is {State}).");
        var address = new DeviceAddress(Id, id);
        var chosen = address.Select(DeviceInfos);
        for (var i = 0; chosen is not null && i < _devices.Length; i++)
            if (ReferenceEquals(DeviceInfos[i], chosen)) return _devices[i];
        throw new BackendUnavailableException(Id, address.WhyNone(DeviceInfos, Info?.Refused ?? []));
    }

    /// <summary>Retires it without verifying that its code is gone.</summary>
    public async ValueTask DisposeAsync()
        => await RetireAsync(new() { DrainTimeout = TimeSpan.Zero, CancelTimeout = TimeSpan.FromSeconds(2), Verify = false }).ConfigureAwait(false);
}
