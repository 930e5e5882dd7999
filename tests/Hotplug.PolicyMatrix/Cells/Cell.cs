using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.PolicyMatrix.Cells;

/// <summary>One combination of policies, in the words of the matrix.</summary>
/// <param name="Map"><c>auto</c>, <c>require</c> or <c>off</c>.</param>
/// <param name="Lock"><c>off</c>, <c>try</c> or <c>require</c>.</param>
/// <param name="Placement"><c>cpu</c>, <c>far</c> or <c>metal</c>, <c>layers</c> or <c>pattern</c>; beside the matrix <c>emulation</c> and <c>three</c>.</param>
/// <param name="Limit"><c>none</c>, <c>8MiB</c> or <c>0</c>.</param>
/// <param name="Largest">Largest allocation: <c>natural</c> or a number of bytes.</param>
/// <param name="Mac">Name of the <see cref="Cells.Mac"/> whose graphics processor is the device beside the processor; empty for the device far.</param>
public sealed record Cell(string Map, string Lock, string Placement, string Limit, string Largest, string Mac = "")
{
    public static IReadOnlyList<string> Maps { get; } = ["auto", "require", "off"];

    public static IReadOnlyList<string> Locks { get; } = ["off", "try", "require"];

    public static IReadOnlyList<string> Placements { get; } = ["cpu", "far", "layers", "pattern"];

    /// <summary>What is on the processor alone is the same with every device, and stands in the matrix with far.</summary>
    public static IReadOnlyList<string> MacPlacements { get; } = ["metal", "layers", "pattern"];

    public static IReadOnlyList<string> Limits { get; } = ["none", "8MiB", "0"];

    /// <summary>1310720 is 1.25 MiB: the model has five times as much, its largest tensor a little less.</summary>
    public static IReadOnlyList<string> LargestAllocations { get; } = ["natural", "1310720"];

    /// <summary>All cells of one limit, those of a placement side by side.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="mac">The Mac, or empty for the cells with far.</param>
    public static IEnumerable<Cell> Of(string limit, string mac = "") =>
        from placement in PlacementsWith(mac)
        from largest in LargestAllocations
        from map in Maps
        from @lock in Locks
        select new Cell(map, @lock, placement, limit, largest, mac);

    /// <summary>The cells beside the matrix: no allocation is large enough for the largest tensor.</summary>
    public static IEnumerable<Cell> TooSmall(string limit, string mac = "") => PlacementsWith(mac).Select(placement => new Cell("auto", "off", placement, limit, "1048576", mac));

    /// <summary>The cell as options of a load.</summary>
    public ModelOptions ToOptions() => new()
    {
        Context = 128,
        BatchTokens = 16,
        KvType = Abstractions.Tensors.TensorType.F32,
        Placement = Placement switch
        {
            "cpu" => new() { Backend = "cpu" },
            "far" or "metal" => new() { Backend = Backend },
            "layers" => new() { Backend = Backend, OffloadedLayers = 4 },
            "pattern" => new() { Backend = "cpu", Rules = [PlacementRule.Parse($"blk.*.ffn_*={Backend}")] },
            "three" => new() { Backend = "cpu", Rules = [PlacementRule.Parse($"blk.*.ffn_*={Backend}"), PlacementRule.Parse("blk.*.attn_k.weight=gpu:cpu-emulation")] },
            "emulation" => new() { Backend = "gpu:cpu-emulation", OffloadedLayers = 2 },
            _ => throw new ArgumentException($"'{Placement}' is no placement of the matrix."),
        },
        Memory = new()
        {
            Map = Enum.Parse<MapPolicy>(Map, ignoreCase: true),
            Lock = Enum.Parse<LockPolicy>(Lock, ignoreCase: true),
            LargestAllocation = Largest == "natural" ? null : nuint.Parse(Largest, System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    /// <inheritdoc/>
    public override string ToString() => $"map {Map}, lock {Lock}, {Placement}, limit {Limit}, largest {Largest}{(Mac.Length == 0 ? "" : $", {Mac}")}";

    private string Backend => Mac.Length == 0 ? "far" : Cells.Mac.Backend;

    private static IReadOnlyList<string> PlacementsWith(string mac) => mac.Length == 0 ? Placements : MacPlacements;
}
