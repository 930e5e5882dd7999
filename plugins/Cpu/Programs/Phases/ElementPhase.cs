namespace Hotplug.Cpu.Programs.Phases;

/// <summary>An element-wise function of one or two operands of the same shape.</summary>
internal sealed unsafe class ElementPhase(delegate*<float*, float*, float*, long, float, float, void> function, Extent elements,
    Operand left, Operand right, Operand output, float p, float q) : Phase
{
    private const long ElementsPerChunk = 8192;
    private readonly delegate*<float*, float*, float*, long, float, float, void> _function = function;

    public override void Run(StepState state, int worker, int workers)
    {
        var total = elements.Resolve(state.Extents);
        // A chunk is a whole number of sixteens.
        var step = Math.Clamp((total / (workers * 4) + 15) / 16 * 16, 256, ElementsPerChunk);
        float* a = state.Floats(left), b = state.Floats(right), y = state.Floats(output);
        while (Claim((total + step - 1) / step, out var chunk))
        {
            var first = chunk * step;
            _function(a + first, b + first, y + first, Math.Min(step, total - first), p, q);
        }
    }
}
