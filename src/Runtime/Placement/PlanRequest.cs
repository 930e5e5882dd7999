using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Placement;

/// <summary>Everything a plan depends on. The plan is a pure function of it.</summary>
public sealed record PlanRequest
{
    /// <summary>The model.</summary>
    public required ModelGraph Graph { get; init; }

    /// <summary>Where the bytes of each weight stand.</summary>
    public required IReadOnlyDictionary<GraphValue, WeightLocation> Weights { get; init; }

    /// <summary>Lengths of the files in bytes.</summary>
    public required IReadOnlyList<long> FileLengths { get; init; }

    /// <summary>The devices, in order of preference.</summary>
    public required IReadOnlyList<PlacementDevice> Devices { get; init; }

    /// <summary>What the host's system allows.</summary>
    public required HostLimits Limits { get; init; }

    /// <summary>Wishes about places.</summary>
    public PlacementOptions Placement { get; init; } = new();

    /// <summary>Wishes about memory.</summary>
    public MemoryPolicy Memory { get; init; } = MemoryPolicy.Default;

    /// <summary>Cells that one sequence may have.</summary>
    public required int Context { get; init; }

    /// <summary>Sequences that may be in a step.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Tokens of the largest step; less where a device cannot allocate the workspace in one piece.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>Rows of logits in the largest step.</summary>
    public int BatchOutputs { get; init; } = 1;

    /// <summary>Element type of cached keys.</summary>
    public TensorType KeyType { get; init; } = TensorType.F16;

    /// <summary>Element type of cached values.</summary>
    public TensorType ValueType { get; init; } = TensorType.F16;
}
