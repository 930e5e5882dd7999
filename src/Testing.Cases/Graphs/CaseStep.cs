using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Reference.Execution;

namespace Hotplug.Testing.Graphs;

/// <summary>One step of a <see cref="GraphCase"/>: numbers and input data.</summary>
public sealed record CaseStep
{
    /// <summary>Token ids, <c>n</c>.</summary>
    public int[] TokenIds { get; init; } = [];

    /// <summary>Positions, <c>n</c>.</summary>
    public int[] Positions { get; init; } = [];

    /// <summary>Rows chosen for output, <c>o</c>.</summary>
    public int[] OutputRows { get; init; } = [];

    /// <summary>Sequences, <c>s</c>.</summary>
    public SequenceStep[] Sequences { get; init; } = [];

    /// <summary>Page lists of the sequences.</summary>
    public int[] Pages { get; init; } = [];

    /// <summary>Elements of each input of the case, in its order, at the extents of the step.</summary>
    public float[][] Inputs { get; init; } = [];

    /// <summary>Numbers of the symbols.</summary>
    public StepBounds Extents => new() { Tokens = TokenIds.Length, OutputRows = OutputRows.Length, Sequences = Sequences.Length };

    /// <summary>The step for the scalar reference.</summary>
    public ReferenceStep ForReference() => new()
    {
        TokenIds = TokenIds,
        Positions = Positions,
        OutputRows = OutputRows,
        Sequences = Sequences,
        Pages = Pages,
    };

    /// <inheritdoc/>
    public override string ToString() => $"step of {TokenIds.Length} tokens, {OutputRows.Length} output rows, {Sequences.Length} sequences";
}
