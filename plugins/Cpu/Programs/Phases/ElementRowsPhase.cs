using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>An element-wise function of operands of the same shape, by rows.</summary>
internal sealed unsafe class ElementRowsPhase(delegate*<float*, float*, float*, long, float, float, void> function, Extent rows, int width,
    Operand left, Operand right, Operand output, float p, float q) : RowPhase(rows, width)
{
    private readonly delegate*<float*, float*, float*, long, float, float, void> _function = function;

    public override void Rows(StepState state, long first, long end)
        => _function(state.Floats(left) + first * width, state.Floats(right) + first * width, state.Floats(output) + first * width, (end - first) * width, p, q);
}
