using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Slots;
using Microsoft.Extensions.Logging;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A backend of the catalogue: where it comes from, its slot, and its generation from the first question to the last lease.</summary>
internal sealed partial class CatalogEntry
{
    private static readonly IReadOnlyDictionary<string, string> NoSettings = new Dictionary<string, string>();

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly BackendCatalogOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly Action<BackendTransition> _listener;
    private volatile BackendSource _source;
    private volatile BackendDescription _found;
    private volatile BackendGeneration? _latest;
    private volatile string? _loadReason;
    private volatile string? _problem;
    private volatile IReadOnlyList<string> _probeReasons = [];
    private bool _ended;

    public CatalogEntry(BackendDescription found, BackendSource source, BackendCatalogOptions options, ILoggerFactory loggers, Action<BackendTransition> listener)
    {
        (_found, _source, _options, _loggers, _listener) = (found, source, options, loggers, listener);
        Slot = new(found.Id);
    }

    public string Id => _found.Id;

    public bool IsTest => _found.Kind == PluginKind.Test;

    public BackendSlot Slot { get; }

    public int? Score => _latest?.Probe?.Score;

    public BackendDescription Describe()
    {
        var latest = _latest;
        return _found with
        {
            State = latest?.State ?? BackendState.Validated, Generation = latest?.Number, LoadReason = _loadReason, LoadedFrom = latest?.Folder,
            ContentHash = latest?.ContentHash, Problem = _problem ?? latest?.Notice,
            Devices = [.. (latest?.DeviceInfos ?? []).Select(d => DeviceAddress.Of(Id, d.Id).ToString())],
            OnlyWhenNamed = latest?.Probe?.OnlyWhenNamed ?? false, ProbeReasons = latest?.Probe?.Reasons ?? _probeReasons, Refused = latest?.Info?.Refused ?? [],
        };
    }

    /// <summary>Loads its code and asks whether it can run here.</summary>
    public async ValueTask<BackendProbe> ProbeAsync(string reason, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var answer = await ProbeAsync(await LoadAsync(reason).ConfigureAwait(false)).ConfigureAwait(false);
            // What cannot run here does not stay in memory; one that takes work is not asked again, and has a score.
            if (answer.Score == 0) await ForgetAsync(CannotRun(answer)).ConfigureAwait(false);
            return new(Id, answer.Score, answer.Reasons) { OnlyWhenNamed = answer.OnlyWhenNamed };
        }
        catch (Exception failure) when (failure is BackendFaultException or PluginRejectedException)
        {
            await ForgetAsync(failure.Message).ConfigureAwait(false);
            return new(Id, 0, [failure.Message]);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Loads its code and opens its devices, unless it takes work already.</summary>
    /// <param name="reason">Why, for the report.</param>
    /// <param name="named">Whether somebody named it; if not, one that is used only when named stays closed, even if it is open for others.</param>
    /// <param name="cancellation">Stops the opening.</param>
    public async ValueTask<BackendGeneration> OpenAsync(string reason, bool named, CancellationToken cancellation)
    {
        // The way taken by all but the first: no waiting.
        if (Slot.Current is { State: BackendState.Active } active) return Admit(active, named);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Slot.Current is { State: BackendState.Active } opened) return Admit(opened, named);
            var generation = await LoadAsync(reason).ConfigureAwait(false);
            await RequireAsync(generation).ConfigureAwait(false);
            Admit(generation, named);
            await OpenDevicesAsync(generation, cancellation).ConfigureAwait(false);
            Slot.Exchange(generation);
            _problem = null;
            return generation;
        }
        // Its code stays loaded: whoever names it next need not wait for that again.
        catch (OnlyWhenNamedException)
        {
            throw;
        }
        catch (Exception failure) when (failure is BackendFaultException or PluginRejectedException or BackendUnavailableException or OperationCanceledException)
        {
            await ForgetAsync(failure.Message).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Retires it; it cannot be asked for afterwards.</summary>
    public async ValueTask EndAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _ended = true;
            Slot.Exchange(null);
            if (_latest is { } latest) await latest.DisposeAsync().ConfigureAwait(false);
            await EndStagingAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public static string Join(ProbeResult probe) => probe.Reasons.Count == 0 ? "it does not say why." : string.Join("; ", probe.Reasons);

    private string CannotRun(ProbeResult probe) => $"Backend '{Id}' cannot run here: {Join(probe)}";

    private BackendGeneration Admit(BackendGeneration generation, bool named)
        => named || generation.Probe is not { OnlyWhenNamed: true } probe ? generation
            : throw new OnlyWhenNamedException(Id, $"it has only devices that are used when they are named: {Join(probe)}");

    private async ValueTask<BackendGeneration> LoadAsync(string reason)
    {
        ObjectDisposedException.ThrowIf(_ended, typeof(BackendCatalog));
        if (_latest is { State: BackendState.Loaded } waiting) return waiting;
        // A faulted one leaves the slot before another is made. Its leases may be held by the very caller, so nobody waits for them here.
        if (_latest is { FaultReason: not null } faulted)
        {
            Slot.Exchange(null);
            _ = faulted.RetireAsync(_options.Unload);
        }
        var content = _source.Look();
        _found = content.Description;
        var made = await MakeAsync(content, reason).ConfigureAwait(false);
        (_latest, _loadReason) = (made, reason);
        return made;
    }

    private Task<BackendGeneration> MakeAsync(BackendContent content, string reason)
        => BoundedAsync("its constructor", null, () => Task.FromResult(BackendGeneration.Load(content.Load, Id, reason, _options.Threads, _loggers, _listener)));

    private Task<ProbeResult> ProbeAsync(BackendGeneration generation)
        => generation.Probe is { } known ? Task.FromResult(known) : BoundedAsync("Probe", generation, () => Task.FromResult(generation.AskProbe()));

    private async Task RequireAsync(BackendGeneration generation)
    {
        var probe = await ProbeAsync(generation).ConfigureAwait(false);
        if (probe.Score == 0) throw new BackendUnavailableException(Id, CannotRun(probe));
    }

    private Task OpenDevicesAsync(BackendGeneration generation, CancellationToken cancellation)
        => BoundedAsync("CreateAsync", generation, async () =>
        {
            await generation.OpenAsync(_options.Settings.GetValueOrDefault(Id, NoSettings), cancellation).ConfigureAwait(false);
            return true;
        });

    /// <summary>Has the plugin called on a thread that can be given up.</summary>
    private async Task<T> BoundedAsync<T>(string call, BackendGeneration? generation, Func<Task<T>> work)
    {
        var running = ThreadOfItsOwn.RunAsync(work);
        try
        {
            return await running.WaitAsync(_options.OpenTimeout, _options.Time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            // Should it come back after all, what it threw is nobody's any more.
            _ = running.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            generation?.GiveUp($"{call} of plugin '{Id}'");
            throw new BackendFaultException(FaultKind.TimedOut, $"Plugin '{Id}'", call, $"no answer within {_options.OpenTimeout.TotalSeconds:0.#} s; this generation is not called again");
        }
    }

    private async ValueTask ForgetAsync(string problem)
    {
        _problem = problem;
        _loadReason = null;
        if (_latest is not { State: BackendState.Loaded or BackendState.Warm or BackendState.Faulted } failed) return;
        // Of one that can run here and failed to open, the failure is what counts.
        _probeReasons = failed.Probe is { Score: 0 } probe ? probe.Reasons : [];
        _latest = null;
        await failed.DisposeAsync().ConfigureAwait(false);
    }
}
