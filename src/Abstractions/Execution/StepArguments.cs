using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Execution;

/// <summary>
/// What changes from step to step. The host has checked every number: ids within the vocabulary, rows and pages within their lists, extents within the bounds of the slice.
/// Spans are valid until <see cref="IExecutable.Run"/> returns; what they name (buffers, pool) until the fence is complete.
/// </summary>
public readonly ref struct StepArguments
{
    /// <summary>Token ids, <c>n</c>.</summary>
    public ReadOnlySpan<int> TokenIds { get; init; }

    /// <summary>Positions, <c>n</c>; those of a sequence ascend by one.</summary>
    public ReadOnlySpan<int> Positions { get; init; }

    /// <summary>Rows of the step chosen for output, <c>o</c>, ascending.</summary>
    public ReadOnlySpan<int> OutputRows { get; init; }

    /// <summary>The sequences, <c>s</c>; together they cover all rows.</summary>
    public ReadOnlySpan<SequenceStep> Sequences { get; init; }

    /// <summary>Page lists of the sequences, one behind the other, as page numbers of <see cref="KvPool"/>.</summary>
    public ReadOnlySpan<int> Pages { get; init; }

    /// <summary>The slice's inputs in its order, shaped by the slice's bounds; the first rows up to the step's extents hold data.</summary>
    public ReadOnlySpan<TensorRef> Inputs { get; init; }

    /// <summary>The slice's outputs in its order, shaped by the slice's bounds.</summary>
    public ReadOnlySpan<TensorRef> Outputs { get; init; }

    /// <summary>The workspace: one buffer per block of the plan, content undefined. Shared with other slices, so nothing in it outlives the step.</summary>
    public ReadOnlySpan<IBuffer> Workspace { get; init; }

    /// <summary>The pages of this device, or null if the slice does not touch a cache.</summary>
    public KvPool? KvPool { get; init; }

    /// <summary>Asks the backend to stop early; polled between operations.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Numbers of the symbols in this step.</summary>
    public StepBounds Extents => new() { Tokens = Math.Max(TokenIds.Length, Positions.Length), OutputRows = OutputRows.Length, Sequences = Sequences.Length };
}
