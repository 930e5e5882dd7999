using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>How tokens choose experts, and what an expert is like.</summary>
internal sealed record ExpertMixture
{
    /// <summary>Experts of a block.</summary>
    public required int Count { get; init; }

    /// <summary>Experts per token.</summary>
    public required int Used { get; init; }

    /// <summary>Width of an expert's hidden layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>The activation of the gate.</summary>
    public Activation Function { get; init; } = Activation.Silu;

    /// <summary>The factor of <see cref="Activation.SwishAlpha"/>.</summary>
    public float Alpha { get; init; } = 1;

    /// <summary>Limit of gate and up; 0 for none.</summary>
    public float Limit { get; init; }

    /// <summary>Reads how many there are, or gives null for a model without experts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hidden">Width of the hidden layer where the file does not state one for experts.</param>
    public static ExpertMixture? Read(ModelWriter model, Func<int, int> hidden)
    {
        const int Most = 1 << 14;
        var keys = model.Keys;
        var count = keys.Count("expert_count", 0, 0, Most);
        if (count == 0) return null;
        var used = keys.Count("expert_used_count", null, 1, count);
        if (keys.Count("expert_group_count", 0, 0, Most) > 1)
            throw keys.Invalid("expert_group_count", "experts that are chosen by groups are not supported", "use a model whose experts are chosen one by one");
        var width = keys.Count("expert_feed_forward_length", 0, 0, 1 << 24);
        return new() { Count = count, Used = used, Hidden = width > 0 ? width : hidden(used) };
    }
}
