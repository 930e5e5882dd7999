using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Inference.Models;

/// <summary>
/// Plans and loads models on the backends of a catalogue, in one address space. Thread-safe. Dispose models before it, and it before the catalogue.
/// </summary>
public sealed class ModelHost(IBackendCatalog catalog, AddressSpace? space = null) : IDisposable
{
    /// <summary>The lanes of all devices in use.</summary>
    public DeviceLanes Lanes { get; } = new();

    /// <summary>The address space of all models.</summary>
    public AddressSpace Space { get; } = space ?? new AddressSpace();

    /// <summary>Opens the backends that a load may need.</summary>
    public Task<LeasedDevices> OpenDevicesAsync(ModelOptions options, string owner, CancellationToken cancellation = default)
        => LeasedDevices.OpenAsync(catalog, options.Placement, owner, cancellation);

    /// <summary>Plans and loads a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How.</param>
    /// <param name="planned">Told of the plan before it is executed; may be null.</param>
    /// <param name="progress">Told of bytes; may be null.</param>
    /// <param name="cancellation">Stops it; nothing stays behind.</param>
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
    public void Dispose() => Lanes.Dispose();
}
