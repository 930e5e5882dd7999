using Hotplug.Accelerators.Programs;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>The tables of a step in device memory, laid out as <see cref="StepTables"/> says.</summary>
internal struct StepView
{
    /// <summary>Entries of <see cref="StepTables.SequenceWords"/> words.</summary>
    public ArrayView<int> Sequences;
    /// <summary>For each row of the step its sequence.</summary>
    public ArrayView<int> RowSequences;
    /// <summary>For each row of the step its position.</summary>
    public ArrayView<int> Positions;
    /// <summary>Page lists, one behind the other.</summary>
    public ArrayView<int> Pages;
}
