using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Deployment;

/// <summary>Asks for models to be put on other devices, or split otherwise.</summary>
public sealed record PlaceRequest : ChangeRequest
{
    /// <summary>The device, by name or backend; null for the one the model was loaded for.</summary>
    public string? Backend { get; init; }

    /// <summary>Layers on it, counted from the end; null for all.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Places by tensor name, as PATTERN=DEVICE; the first that matches wins; null for none.</summary>
    public IReadOnlyList<string>? Place { get; init; }

    /// <summary>The wishes about the places of a model.</summary>
    /// <exception cref="FormatException">A rule is none.</exception>
    public PlacementOptions ToPlacement(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new() { Backend = Backend ?? model.Options.Placement.Backend, OffloadedLayers = GpuLayers, Rules = [.. (Place ?? []).Select(PlacementRule.Parse)] };
    }

    /// <summary>Puts a model there.</summary>
    /// <exception cref="FormatException">Something asked means nothing.</exception>
    /// <exception cref="SwapRefusedException">It cannot be; it goes on where it was.</exception>
    public Task<ModelMove> ApplyAsync(LanguageModel model, CancellationToken cancellation = default) => model.PlaceAsync(ToPlacement(model), ToOptions(), cancellation);
}
