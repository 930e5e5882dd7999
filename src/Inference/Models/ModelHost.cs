using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Inference.Models;

/// <summary>
/// Plans and loads models on the backends of a catalogue, in one address space. Thread-safe. Owns the configured models it loaded; dispose it before the catalogue.
/// </summary>
/// <param name="catalog">The backends.</param>
/// <param name="space">The address space; null for a new one.</param>
/// <param name="models">Configured models by name.</param>
public sealed class ModelHost(IBackendCatalog catalog, AddressSpace? space = null, IReadOnlyDictionary<string, ConfiguredModel>? models = null) : IModelHost, IDisposable
{
    private readonly IReadOnlyDictionary<string, ConfiguredModel> _configured = models ?? new Dictionary<string, ConfiguredModel>();
    private readonly Dictionary<string, Task<LanguageModel>> _loads = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>The address space of all models.</summary>
    public AddressSpace Space { get; } = space ?? new AddressSpace();

    /// <summary>The lanes of all devices in use.</summary>
    public DeviceLanes Lanes { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => [.. _configured.Keys];

    /// <summary>Opens the backends that a load may need.</summary>
    public Task<LeasedDevices> OpenDevicesAsync(ModelOptions options, string owner, CancellationToken cancellation = default)
        => LeasedDevices.OpenAsync(catalog, options.Placement, owner, cancellation);

    /// <inheritdoc/>
    public Task<LanguageModel> GetAsync(string name, CancellationToken cancellation = default)
    {
        if (!_configured.TryGetValue(name, out var model))
            throw new KeyNotFoundException($"No model '{name}' is configured. Configured are: {(_configured.Count == 0 ? "none" : string.Join(", ", _configured.Keys))}. Add it with AddModel(\"{name}\", …) or under Hotplug:Models:{name}.");
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loads.TryGetValue(name, out var load) || load.IsFaulted || load.IsCanceled)
                _loads[name] = load = Task.Run(() => LoadAsync(ModelSource.Open(model.Path), model.Options), CancellationToken.None);
            return load.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<LanguageModel> LoadAsync(ModelSource source, ModelOptions options, Action<LoadPlan>? planned = null,
        IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var devices = await OpenDevicesAsync(options, Path.GetFileName(source.File.Paths[0]), cancellation).ConfigureAwait(false);
        try
        {
            var plan = source.Plan(devices.Devices, options);
            planned?.Invoke(plan);
            return LanguageModel.Load(source, plan, devices, Space, Lanes, progress, cancellation);
        }
        catch
        {
            devices.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Task<LanguageModel>[] loads;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            loads = [.. _loads.Values];
        }
        foreach (var load in loads)
        {
            // A load in flight ends before its memory can be given back; one that failed holds nothing.
            if (load.ContinueWith(static t => t.IsCompletedSuccessfully, TaskScheduler.Default).GetAwaiter().GetResult()) load.Result.Dispose();
        }
        Lanes.Dispose();
    }
}
