using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs;

/// <summary>A step of a program: becomes one phase.</summary>
internal abstract record ProgramStep
{
    /// <summary>Cosines and sines for the step's positions.</summary>
    public sealed record RopeTable(RopeKey Key) : ProgramStep;

    /// <summary>Quantises a value for the matrices that read it.</summary>
    public sealed record Quantize(GraphValue Value) : ProgramStep;

    /// <summary>Matrices that read the same value.</summary>
    public sealed record Matrices(GraphValue Input, List<MatMul> Operations) : ProgramStep
    {
        /// <summary>Functions of what some of them compute.</summary>
        public List<FusedActivation> Activations { get; } = [];

        /// <summary>Those whose products are written as they are.</summary>
        public IEnumerable<MatMul> Products => Operations.Where(o => !Activations.Exists(a => a.Left == o || a.Right == o));
    }

    /// <summary>Steps that go row by row, over rows that are multiples of <paramref name="Unit"/>.</summary>
    public sealed record RowGroup(Extent Unit, List<ProgramStep> Parts) : ProgramStep;

    /// <summary>Any other operation.</summary>
    public sealed record Single(Operation Operation) : ProgramStep;
}
