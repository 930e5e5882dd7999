using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>An element-wise function of one or two operands of the same shape.</summary>
internal sealed unsafe class ElementPhase(delegate*<float*, float*, float*, long, float, float, void> function, Extent elements,
    Operand left, Operand right, Operand output, float p, float q) : Phase
{
    private const long ElementsPerChunk = 8192;
    private readonly delegate*<float*, float*, float*, long, float, float, void> _function = function;

    protected override long Chunks(StepState state, int workers)
    {
        var step = Step(state, workers);
        return (elements.Resolve(state.Extents) + step - 1) / step;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var step = Step(state, workers);
        var first = chunk * step;
        _function(state.Floats(left) + first, state.Floats(right) + first, state.Floats(output) + first, Math.Min(step, elements.Resolve(state.Extents) - first), p, q);
    }

    // A whole number of sixteens.
    private long Step(StepState state, int workers) => Math.Clamp((elements.Resolve(state.Extents) / (workers * 4) + 15) / 16 * 16, 256, ElementsPerChunk);
}
