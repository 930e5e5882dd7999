using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Accelerators.Programs;

/// <summary>One step of a program, as large as what a device launches together.</summary>
public abstract record ProgramStep
{
    private ProgramStep() { }

    /// <summary>One operation.</summary>
    public sealed record Single(Operation Operation) : ProgramStep;

    /// <summary>A norm that quantises every row it has written, in the same launch.</summary>
    public sealed record NormAndQuantize(RmsNorm Operation) : ProgramStep;

    /// <summary>Quantises a value for the products that read it.</summary>
    public sealed record Quantize(GraphValue Value) : ProgramStep;

    internal IEnumerable<GraphValue> Reads => this switch
    {
        Single s => s.Operation.Reads,
        NormAndQuantize n => n.Operation.Reads,
        Quantize q => [q.Value],
        _ => [],
    };

    internal IReadOnlyList<GraphValue> Writes => this switch
    {
        Single s => s.Operation.Writes,
        NormAndQuantize n => n.Operation.Writes,
        _ => [],
    };

    /// <summary>The value whose quantised form it writes, or null.</summary>
    internal GraphValue? Quantizes => this switch
    {
        NormAndQuantize n => n.Operation.Output,
        Quantize q => q.Value,
        _ => null,
    };

    /// <summary>The value whose quantised form it reads, or null.</summary>
    internal GraphValue? ReadsQuantized => this switch
    {
        Single { Operation: MatMul o } when ProgramPlanner.IsQuantized(o.Weight) => o.Input,
        Single { Operation: MatMulExperts o } when ProgramPlanner.IsQuantized(o.Weight) => o.Input,
        _ => null,
    };
}
