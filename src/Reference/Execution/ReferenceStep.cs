using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.Reference.Execution;

/// <summary>What changes from step to step, as in <see cref="StepArguments"/> but in memory that may outlive the call.</summary>
public readonly record struct ReferenceStep
{
    /// <summary>Token ids, <c>n</c>.</summary>
    public ReadOnlyMemory<int> TokenIds { get; init; }

    /// <summary>Positions, <c>n</c>.</summary>
    public ReadOnlyMemory<int> Positions { get; init; }

    /// <summary>Rows chosen for output, <c>o</c>.</summary>
    public ReadOnlyMemory<int> OutputRows { get; init; }

    /// <summary>The sequences, <c>s</c>.</summary>
    public ReadOnlyMemory<SequenceStep> Sequences { get; init; }

    /// <summary>Page lists of the sequences, one behind the other.</summary>
    public ReadOnlyMemory<int> Pages { get; init; }

    /// <summary>Polled between operations.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Numbers of the symbols in this step.</summary>
    public StepBounds Extents => new() { Tokens = Math.Max(TokenIds.Length, Positions.Length), OutputRows = OutputRows.Length, Sequences = Sequences.Length };

    /// <summary>Copies the arguments of a step.</summary>
    public static ReferenceStep From(in StepArguments arguments) => new()
    {
        TokenIds = arguments.TokenIds.ToArray(),
        Positions = arguments.Positions.ToArray(),
        OutputRows = arguments.OutputRows.ToArray(),
        Sequences = arguments.Sequences.ToArray(),
        Pages = arguments.Pages.ToArray(),
        Cancellation = arguments.Cancellation,
    };
}
