namespace Hotplug.Inference.Deployment;

/// <summary>Asks a running process to exchange a backend or to put models elsewhere, in the words in which people and other programs ask. What is not said stays as it is.</summary>
public abstract record ChangeRequest
{
    /// <summary>What becomes of generations under way, as <see cref="SwapPolicies"/> reads it; null for migrating.</summary>
    public string? Policy { get; init; }

    /// <summary>Steps of probation; null for the default.</summary>
    public int? ProbationSteps { get; init; }

    /// <summary>How the models are moved.</summary>
    /// <exception cref="FormatException">A word means nothing.</exception>
    public SwapOptions ToOptions()
    {
        var options = new SwapOptions();
        if (Policy is { } word) options = options with { Policy = SwapPolicies.Parse(word) };
        if (ProbationSteps is { } steps) options = options with { ProbationSteps = steps };
        return options;
    }
}
