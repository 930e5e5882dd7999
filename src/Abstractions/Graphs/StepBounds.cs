namespace Hotplug.Abstractions.Graphs;

/// <summary>Numbers for the symbols: as bounds of a slice the largest a step may have, as extents of a step its own.</summary>
public readonly record struct StepBounds
{
    /// <summary><c>n</c>: tokens of a step, over all its sequences.</summary>
    public required int Tokens { get; init; }

    /// <summary><c>o</c>: rows chosen for output; may be 0 in a step.</summary>
    public required int OutputRows { get; init; }

    /// <summary><c>s</c>: sequences of a step.</summary>
    public required int Sequences { get; init; }

    /// <summary>Cells of the KV cache that one sequence may have, the step's own included. 0 for graphs without a cache.</summary>
    public int Context { get; init; }
}
