using System.Text;
using Hotplug.Runtime.Faults;
using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Services;
using Hotplug.Runtime.Plugins.Slots;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>The catalogue over plugin folders and static backends. Folders are searched at the first question.</summary>
public sealed partial class BackendCatalog : IBackendCatalog, IDisposable
{
    private readonly BackendCatalogOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Lazy<Content> _content;
    private readonly ShadowCopyCache _copies;
    private int _disposed;

    /// <summary>Creates a catalogue; searches nothing yet.</summary>
    /// <param name="options">What it works with.</param>
    /// <param name="loggers">Takes log messages; null for nowhere.</param>
    public BackendCatalog(BackendCatalogOptions options, ILoggerFactory? loggers = null)
    {
        _options = options;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _logger = _loggers.CreateLogger("Hotplug.Catalog");
        _copies = new(options.ShadowCopyDirectory);
        _content = new(Search);
    }

    /// <inheritdoc/>
    public event Action<BackendTransition>? Transitioned;

    /// <inheritdoc/>
    public IReadOnlyList<BackendDescription> Backends => [.. _content.Value.Entries.Select(e => e.Describe())];

    /// <inheritdoc/>
    public PluginReport Report()
    {
        var content = _content.Value;
        return new()
        {
            Roots = content.Scan.Roots, Backends = Backends, Rejected = [.. content.Rejections().Select(RejectedPlugin.Of)], Notices = content.Scan.Notices,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<BackendSlot> GetAsync(string id, CancellationToken cancellation = default)
    {
        var entry = Find(id);
        await OpenAsync(entry, "it was asked for by name", named: true, cancellation).ConfigureAwait(false);
        return entry.Slot;
    }

    /// <inheritdoc/>
    public async ValueTask<BackendDevice> GetDeviceAsync(string address, CancellationToken cancellation = default)
    {
        var (id, device) = DeviceAddress.Parse(address);
        var entry = Find(id);
        var generation = await OpenAsync(entry, $"the device {address} was asked for", named: true, cancellation).ConfigureAwait(false);
        return new(entry.Slot, DeviceOf(generation, new(id, device)));
    }

    /// <inheritdoc/>
    public async ValueTask<StagedBackend> StageAsync(string id, string? folder = null, CancellationToken cancellation = default)
    {
        var entry = Find(id);
        try
        {
            return await entry.StageAsync(folder, "it is to take the place of the generation at work", cancellation).ConfigureAwait(false);
        }
        catch (PluginRejectedException rejected)
        {
            LogRejection(_logger, rejected.Rejection.Id, rejected.Rejection.Path, rejected.Rejection.Code, rejected.Rejection.Reason, rejected.Rejection.Cure);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<UnloadResult?> RetireFaultedAsync(string id) => _content.Value.Entries.FirstOrDefault(e => e.Id == id)?.RetireFaultedAsync() ?? Task.FromResult<UnloadResult?>(null);

    /// <inheritdoc/>
    public IReadOnlyList<PluginInspection> Rescan()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var scan = Scan();
        var content = _content.Value;
        foreach (var plugin in scan.Plugins)
            if (!content.Entries.Any(e => e.Id == plugin.Manifest!.Id)) content.Add(Entry(plugin));
        return scan.Plugins;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BackendProbe>> ProbeAllAsync(bool tests = false, CancellationToken cancellation = default)
    {
        var probes = new List<BackendProbe>();
        foreach (var entry in _content.Value.Entries)
            if (tests || !entry.IsTest) probes.Add(await entry.ProbeAsync("all backends were asked whether they can run here", cancellation).ConfigureAwait(false));
        return probes;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BackendDevice>> ListDevicesAsync(bool tests = false, IReadOnlySet<string>? except = null, CancellationToken cancellation = default)
    {
        // All at once: most of the time goes into code that each of them runs for the first time.
        var opened = new List<(CatalogEntry Entry, Task<BackendGeneration> Opening)>();
        foreach (var entry in _content.Value.Entries)
            if ((!entry.IsTest || tests) && except?.Contains(entry.Id) != true)
                opened.Add((entry, Task.Run(() => OpenAsync(entry, "all devices were listed", named: tests, cancellation).AsTask(), CancellationToken.None)));
        // None is left behind when one fails.
        await Task.WhenAll(opened.Select(o => o.Opening)).ContinueWith(static t => t.Exception, TaskScheduler.Default).ConfigureAwait(false);
        var devices = new List<BackendDevice>();
        foreach (var (entry, opening) in opened)
        {
            try
            {
                devices.AddRange((await opening.ConfigureAwait(false)).DeviceInfos.Select(info => new BackendDevice(entry.Slot, info)));
            }
            // One that cannot be opened does not hide the others; the report has its problem.
            catch (Exception failure) when (failure is BackendFaultException or PluginRejectedException or BackendUnavailableException or OnlyWhenNamedException)
            {
            }
        }
        return devices;
    }

    /// <inheritdoc/>
    public async ValueTask<BackendSelection> SelectAsync(string? wanted = null, CancellationToken cancellation = default)
    {
        var origin = wanted is null ? "configuration" : "request";
        wanted ??= _options.Backend;
        var selection = wanted == BackendCatalogOptions.Auto ? await ChooseAsync(cancellation).ConfigureAwait(false)
            : await TakeAsync(DeviceAddress.Parse(wanted), origin, cancellation).ConfigureAwait(false);
        LogSelection(_logger, selection.Slot.Id, selection.Device.Id, selection.Candidates.First(c => c.IsChosen).Reason);
        return selection;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0 || !_content.IsValueCreated) return;
        foreach (var entry in _content.Value.Entries) await entry.EndAsync().ConfigureAwait(false);
    }

    /// <summary>The same as <see cref="DisposeAsync"/>, for owners that cannot wait otherwise. Nothing awaited there needs the calling thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async ValueTask<BackendSelection> TakeAsync(DeviceAddress wanted, string origin, CancellationToken cancellation)
    {
        var entry = Find(wanted.Backend);
        var generation = await OpenAsync(entry, $"the {origin} names {wanted}", named: true, cancellation).ConfigureAwait(false);
        var device = DeviceOf(generation, wanted);
        return new(entry.Slot, device, Rank(entry, $"the {origin} names {wanted}", _ => $"the {origin} names {wanted}; not loaded for this"));
    }

    private async ValueTask<BackendSelection> ChooseAsync(CancellationToken cancellation)
    {
        var against = new Dictionary<string, string>();
        var open = new List<(CatalogEntry Entry, DeviceInfo Device, int Kind)>();
        foreach (var entry in _content.Value.Entries)
        {
            if (entry.IsTest)
            {
                against[entry.Id] = "it is test equipment, used only when named; not loaded for this";
                continue;
            }
            try
            {
                var generation = await OpenAsync(entry, "the backend is chosen automatically, and this one is a candidate", named: false, cancellation).ConfigureAwait(false);
                if (generation.DeviceInfos.Where(d => Preference(d.Kind) >= 0).MinBy(d => Preference(d.Kind)) is { } best)
                    open.Add((entry, best, Preference(best.Kind)));
                else against[entry.Id] = $"its devices ({string.Join(", ", generation.DeviceInfos.Select(d => d.Kind).Distinct())}) are used only when named";
            }
            catch (Exception failure) when (failure is BackendFaultException or PluginRejectedException or BackendUnavailableException or OnlyWhenNamedException)
            {
                against[entry.Id] = failure.Message;
            }
        }
        if (open.Count == 0)
            throw new BackendUnavailableException(BackendCatalogOptions.Auto, "No backend can run here."
                + string.Concat(against.Select(a => $"{Environment.NewLine}  {a.Key}: {a.Value}")) + Inventory());
        var order = open.OrderBy(o => o.Kind).ThenByDescending(o => o.Entry.Score).ThenBy(o => o.Entry.Id, StringComparer.Ordinal).ToList();
        var chosen = order[0];
        var reason = $"automatic: {chosen.Device.Kind}, score {chosen.Entry.Score}, the best of {order.Count}";
        foreach (var other in order.Skip(1))
            against[other.Entry.Id] = $"automatic: {other.Device.Kind}, score {other.Entry.Score}, comes after {chosen.Entry.Id}";
        return new(chosen.Entry.Slot, chosen.Device, Rank(chosen.Entry, reason, e => against[e.Id]));
    }

    /// <summary>The order of automatic choice; −1 for what is used only when named.</summary>
    private static int Preference(DeviceKind kind) => kind switch
    {
        DeviceKind.Gpu => 0,
        DeviceKind.IntegratedGpu => 1,
        DeviceKind.Accelerator => 2,
        DeviceKind.Cpu => 3,
        _ => -1,
    };

    private IReadOnlyList<BackendCandidate> Rank(CatalogEntry chosen, string why, Func<CatalogEntry, string> against)
    {
        var content = _content.Value;
        return
        [
            new(chosen.Id, true, why),
            .. content.Entries.Where(e => e != chosen).Select(e => new BackendCandidate(e.Id, false, against(e))),
            .. content.Rejections().Where(r => r.Id != chosen.Id && !content.Entries.Any(e => e.Id == r.Id))
                .Select(r => new BackendCandidate(r.Id ?? r.Path, false, $"rejected ({r.Code}): {r.Reason} {r.Cure}")),
        ];
    }

    private static DeviceInfo DeviceOf(BackendGeneration generation, DeviceAddress address)
        => address.Select(generation.DeviceInfos)
            ?? throw new BackendUnavailableException(generation.Id, address.WhyNone(generation.DeviceInfos, generation.Info?.Refused ?? []));

    private async ValueTask<BackendGeneration> OpenAsync(CatalogEntry entry, string reason, bool named, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        try
        {
            return await entry.OpenAsync(reason, named, cancellation).ConfigureAwait(false);
        }
        catch (PluginRejectedException rejected)
        {
            _content.Value.Add(rejected.Rejection);
            throw;
        }
    }

    private CatalogEntry Find(string id)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var content = _content.Value;
        if (content.Entries.FirstOrDefault(e => e.Id == id) is { } entry) return entry;
        if (content.Rejections().FirstOrDefault(r => r.Id == id) is { } rejection) throw new PluginRejectedException(rejection);
        throw new BackendUnavailableException(id, $"There is no backend '{id}'.{Inventory()}");
    }

    private string Inventory()
    {
        var content = _content.Value;
        var text = new StringBuilder();
        text.Append(content.Entries.Count == 0 ? " No plugin was found" : $" There are: {string.Join(", ", content.Entries.Select(e => e.Id))}");
        text.Append($" (searched {string.Join(", ", content.Scan.Roots.Select(r => r.Path))}).");
        foreach (var rejection in content.Rejections()) text.Append(Environment.NewLine).Append("  ").Append(rejection);
        return text.ToString();
    }

    private Content Search()
    {
        var scan = Scan();
        var entries = new List<CatalogEntry>();
        var rejections = scan.Rejections.ToList();
        foreach (var backend in _options.StaticBackends)
        {
            if (entries.Exists(e => e.Id == backend.Id)) continue;
            var source = BackendSource.Of(backend);
            entries.Add(Entry(source.Look().Description, source));
        }
        foreach (var plugin in scan.Plugins)
        {
            var manifest = plugin.Manifest!;
            if (entries.Exists(e => e.Id == manifest.Id))
                rejections.Add(new()
                {
                    Code = PluginRejectionCode.DuplicateId, Path = plugin.Folder, Id = manifest.Id,
                    Reason = $"the id '{manifest.Id}' belongs to a backend that is part of the host.", Cure = "Remove the folder.",
                });
            else
                entries.Add(Entry(plugin));
        }
        foreach (var rejection in rejections)
        {
            LogRejection(_logger, rejection.Id, rejection.Path, rejection.Code, rejection.Reason, rejection.Cure);
            RuntimeMeter.Rejections.Add(1, new KeyValuePair<string, object?>("hotplug.plugin.rejection", rejection.Code.ToString()));
        }
        return new(scan, entries, rejections);
    }

    private PluginScan Scan() => PluginScanner.Scan(PluginScanner.Roots(_options.PluginDirectories, _options.PluginEnvironment, _options.InstallationDirectory), pinning: _options.Pinning);

    private CatalogEntry Entry(PluginInspection plugin)
        => Entry(BackendSource.Describe(plugin, _copies).Description, BackendSource.Of(plugin, _options.Pinning, _copies));

    private CatalogEntry Entry(BackendDescription found, BackendSource source) => new(found, source, _options, _loggers, step => Transitioned?.Invoke(step));

    [LoggerMessage(1000, LogLevel.Warning, "Plugin {Id} at {Path} is rejected ({Code}): {Reason} {Cure}", EventName = "PluginRejected")]
    private static partial void LogRejection(ILogger logger, string? id, string path, PluginRejectionCode code, string reason, string cure);

    [LoggerMessage(1001, LogLevel.Information, "Backend {Id}, device {Device}, is used: {Reason}", EventName = "BackendSelected")]
    private static partial void LogSelection(ILogger logger, string id, string device, string reason);

    /// <summary>What the search found; rejections may be added when a plugin turns out to be wrong on loading.</summary>
    private sealed class Content(PluginScan scan, List<CatalogEntry> entries, List<PluginRejection> rejections)
    {
        public PluginScan Scan => scan;

        // Exchanged as a whole when a plugin is added, so that whoever enumerates is not disturbed.
        private volatile IReadOnlyList<CatalogEntry> _entries = entries;

        public IReadOnlyList<CatalogEntry> Entries => _entries;

        public void Add(CatalogEntry entry)
        {
            lock (rejections) _entries = [.. _entries, entry];
        }

        public IReadOnlyList<PluginRejection> Rejections()
        {
            lock (rejections) return [.. rejections];
        }

        public void Add(PluginRejection rejection)
        {
            lock (rejections)
                if (!rejections.Contains(rejection)) rejections.Add(rejection);
        }
    }
}
