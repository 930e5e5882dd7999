using Hotplug.Abstractions.Graphs;

namespace Hotplug.Accelerators.Programs;

/// <summary>The steps of a program, and where everything lies that they touch. Immutable; made by <see cref="ProgramPlanner"/>.</summary>
public sealed class ProgramLayout
{
    private readonly IReadOnlyDictionary<GraphValue, Place> _values;
    private readonly IReadOnlyDictionary<GraphValue, Place> _quantized;
    private readonly IReadOnlyDictionary<Operation, Place> _scratch;

    internal ProgramLayout(GraphSlice slice, IReadOnlyList<ProgramStep> steps, IReadOnlyDictionary<GraphValue, Place> values,
        IReadOnlyDictionary<GraphValue, Place> quantized, IReadOnlyDictionary<Operation, Place> scratch, StepTableShape table, Place tablePlace, IReadOnlyList<nuint> blocks)
    {
        (Slice, Steps, TableShape, Table, WorkspaceBlocks) = (slice, steps, table, tablePlace, blocks);
        (_values, _quantized, _scratch) = (values, quantized, scratch);
    }

    /// <summary>The slice.</summary>
    public GraphSlice Slice { get; }

    /// <summary>What is launched, in order.</summary>
    public IReadOnlyList<ProgramStep> Steps { get; }

    /// <summary>What every step brings along.</summary>
    public StepTableShape TableShape { get; }

    /// <summary>Room for the step table.</summary>
    public Place Table { get; }

    /// <summary>Bytes of each block of the workspace.</summary>
    public IReadOnlyList<nuint> WorkspaceBlocks { get; }

    /// <summary>Where a value lies.</summary>
    public Place this[GraphValue value] => _values[value];

    /// <summary>Where the quantised form of a value lies.</summary>
    public Place QuantizedOf(GraphValue value) => _quantized[value];

    /// <summary>What an operation has beside its operands; empty if it asked for nothing.</summary>
    public Place ScratchOf(Operation operation) => _scratch.GetValueOrDefault(operation);
}
