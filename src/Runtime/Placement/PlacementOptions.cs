namespace Hotplug.Runtime.Placement;

/// <summary>What the user wishes about places.</summary>
public sealed record PlacementOptions
{
    /// <summary>The selector that leaves the choice to the planner.</summary>
    public const string Auto = "auto";

    /// <summary>A device by name or backend id (see <see cref="Plugins.Catalog.DeviceAddress"/>), or <see cref="Auto"/>.</summary>
    public string Backend { get; init; } = Auto;

    /// <summary>
    /// How many layers, counted from the end with the output as the last, go to <see cref="Backend"/> (or, if that is automatic, to the best accelerator); the
    /// others stay on the CPU. Null for all.
    /// </summary>
    public int? OffloadedLayers { get; init; }

    /// <summary>Places by tensor name; the first rule whose pattern matches wins.</summary>
    public IReadOnlyList<PlacementRule> Rules { get; init; } = [];

    /// <summary>Share of a device's free memory that automatic placement leaves alone, 0 to 1.</summary>
    public double Headroom { get; init; } = 0.1;
}
