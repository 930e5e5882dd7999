using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>How a model is loaded.</summary>
public sealed record ModelOptions
{
    /// <summary>The context taken when none is asked for and the model allows more.</summary>
    public const int DefaultContext = 4096;

    /// <summary>Wishes about places.</summary>
    public PlacementOptions Placement { get; init; } = new();

    /// <summary>Wishes about memory.</summary>
    public MemoryPolicy Memory { get; init; } = MemoryPolicy.Default;

    /// <summary>Tokens a sequence may have; null for what the model was trained with, at most <see cref="DefaultContext"/>.</summary>
    public int? Context { get; init; }

    /// <summary>Sequences that may run at the same time.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Tokens of a prompt evaluated in one step.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>Rows of logits in one step.</summary>
    public int BatchOutputs { get; init; } = 1;

    /// <summary>Element type of cached keys and values.</summary>
    public TensorType KvType { get; init; } = TensorType.F16;

    /// <summary>What happens when a backend fails in a step.</summary>
    public FailoverOptions Failover { get; init; } = new();

    /// <summary>What makes no sense, each with its cure.</summary>
    public IEnumerable<string> Validate()
    {
        if (Context is < 1) yield return $"A context of {Context} tokens is none; give at least 1.";
        if (Sequences < 1) yield return $"{Sequences} sequences cannot run; give at least 1.";
        if (BatchTokens < 1) yield return $"A batch of {BatchTokens} tokens is none; give at least 1.";
        if (BatchOutputs < 1) yield return $"{BatchOutputs} rows of output per step are none; give at least 1.";
        if (Placement.OffloadedLayers is < 0) yield return $"{Placement.OffloadedLayers} layers cannot be offloaded; give 0 or more.";
        foreach (var problem in Failover.Validate()) yield return problem;
        foreach (var refusal in Memory.Validate()) yield return refusal.ToString();
    }
}
