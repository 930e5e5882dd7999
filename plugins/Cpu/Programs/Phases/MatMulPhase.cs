namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// Matrices that read the same activations. The workers claim runs of panels; a panel is made in the worker's scratch and multiplied by all tokens.
/// </summary>
internal sealed unsafe class MatMulPhase(MatrixPart[] parts, MatrixInput input) : Phase
{
    private readonly long _panels = parts.Sum(p => p.Panels);

    public override long ScratchBytes => parts.Max(p => p.ScratchBytes(input.K));

    protected override long Chunks(StepState state, int workers)
    {
        var n = input.Rows(state);
        var run = Panels(n, workers);
        return n == 0 ? 0 : (_panels + run - 1) / run;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var run = Panels(input.Rows(state), workers);
        var first = chunk * run;
        var end = Math.Min(_panels, first + run);
        foreach (var part in parts)
        {
            if (first < part.Panels && end > 0) part.Compute(state, input, Math.Max(0, first), Math.Min(part.Panels, end), state.Scratch(worker));
            (first, end) = (first - part.Panels, end - part.Panels);
        }
    }

    // Panels of a chunk: with few tokens claims cost something, with many a late chunk does.
    private long Panels(long n, int workers) => Math.Clamp(_panels / (workers * (n < 16 ? 6 : 16)), 1, 16);
}
