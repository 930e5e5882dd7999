using Hotplug.Inference.Deployment;
using Hotplug.Inference.Telemetry;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hotplug.Inference.Models;

/// <summary>
/// Plans and loads models on the backends of a catalogue, in one address space, and swaps the backends under them. Thread-safe. Owns the configured models it loaded; dispose it before the catalogue.
/// </summary>
public sealed class ModelHost : IModelHost, IDisposable
{
    private readonly IBackendCatalog _catalog;
    private readonly IReadOnlyDictionary<string, ConfiguredModel> _configured;
    private readonly Dictionary<string, Task<LanguageModel>> _loads = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<LanguageModel> _models = [];
    private readonly ModelServices _services;
    private readonly BackendSwap _swap;
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Creates a host without models.</summary>
    /// <param name="catalog">The backends.</param>
    /// <param name="space">The address space; null for a new one.</param>
    /// <param name="models">Configured models by name.</param>
    /// <param name="options">What it works with; null for the defaults.</param>
    public ModelHost(IBackendCatalog catalog, AddressSpace? space = null, IReadOnlyDictionary<string, ConfiguredModel>? models = null, ModelHostOptions? options = null)
    {
        options ??= new();
        _catalog = catalog;
        _configured = models ?? new Dictionary<string, ConfiguredModel>();
        Space = space ?? new AddressSpace();
        Lanes = new(options.CallTimeout);
        var logger = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger("Hotplug.Models");
        _services = new(new DeploymentLoader(catalog, Space, Lanes, options.CallTimeout), name => new(name, logger, step => Transitioned?.Invoke(step)), options.Time, Forget);
        _swap = new(catalog, () => Models);
        InferenceMeter.Add(this);
    }

    /// <inheritdoc/>
    public event Action<ModelTransition>? Transitioned;

    /// <summary>The address space of all models.</summary>
    public AddressSpace Space { get; }

    /// <summary>The lanes of all devices in use.</summary>
    public DeviceLanes Lanes { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => [.. _configured.Keys];

    /// <inheritdoc/>
    public IReadOnlyList<LanguageModel> Models
    {
        get
        {
            lock (_gate) return [.. _models];
        }
    }

    /// <summary>Opens the backends that a load may need.</summary>
    public Task<LeasedDevices> OpenDevicesAsync(ModelOptions options, string owner, CancellationToken cancellation = default)
        => LeasedDevices.OpenAsync(_catalog, options.Placement, owner, cancellation);

    /// <inheritdoc/>
    public Task<LanguageModel> GetAsync(string name, CancellationToken cancellation = default)
    {
        if (!_configured.TryGetValue(name, out var model))
            throw new KeyNotFoundException($"No model '{name}' is configured. Configured are: {(_configured.Count == 0 ? "none" : string.Join(", ", _configured.Keys))}. Add it with AddModel(\"{name}\", …) or under Hotplug:Models:{name}.");
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loads.TryGetValue(name, out var load) || load.IsFaulted || load.IsCanceled)
                _loads[name] = load = Task.Run(() => LoadAsync(ModelSource.Open(model.Path, model.Adapters), model.Options), CancellationToken.None);
            return load.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<LanguageModel> LoadAsync(ModelSource source, ModelOptions options, Action<LoadPlan>? planned = null,
        IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Validate().FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(options));
        var model = await LanguageModel.LoadAsync(source, options, _services, planned, progress, cancellation).ConfigureAwait(false);
        lock (_gate) _models.Add(model);
        return model;
    }

    /// <inheritdoc/>
    public Task<BackendSwapResult> SwapAsync(BackendSwapRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _swap.RunAsync(request, cancellation);
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
        InferenceMeter.Remove(this);
        foreach (var load in loads)
        {
            // A load in flight ends before its memory can be given back; one that failed holds nothing.
            if (load.ContinueWith(static t => t.IsCompletedSuccessfully, TaskScheduler.Default).GetAwaiter().GetResult()) load.Result.Dispose();
        }
        _swap.Dispose();
        Lanes.Dispose();
    }

    private void Forget(LanguageModel model)
    {
        lock (_gate) _models.Remove(model);
    }
}
