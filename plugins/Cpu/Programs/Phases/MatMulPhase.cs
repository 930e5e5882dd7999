using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// Matrices that read the same activations. The workers claim runs of panels; a panel is made in the worker's scratch and multiplied by all tokens.
/// </summary>
internal sealed unsafe class MatMulPhase(MatrixPart[] parts, int k, Extent tokens, Operand floats, Operand quantized) : Phase
{
    private readonly long _panels = parts.Sum(p => p.Panels);
    public override long ScratchBytes => parts.Max(p => p.Kernel.ScratchBytes(k));

    protected override long Chunks(StepState state, int workers)
    {
        var n = tokens.Resolve(state.Extents);
        var run = Panels(n, workers);
        return n == 0 ? 0 : (_panels + run - 1) / run;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var n = (int)tokens.Resolve(state.Extents);
        var run = Panels(n, workers);
        var panel = chunk * run;
        var end = Math.Min(_panels, panel + run);
        var part = 0;
        for (var first = 0L; panel < end; panel++)
        {
            while (panel - first >= parts[part].Panels) first += parts[part++].Panels;
            Multiply(state, parts[part], panel - first, n, state.Scratch(worker));
        }
    }

    // Panels of a chunk: with few tokens claims cost something, with many a late chunk does.
    private long Panels(long n, int workers) => Math.Clamp(_panels / (workers * (n < 16 ? 6 : 16)), 1, 16);

    private void Multiply(StepState state, MatrixPart part, long panel, int n, byte* scratch)
    {
        var kernel = part.Kernel;
        var row = panel * kernel.Rows;
        var valid = (int)Math.Min(kernel.Rows, part.Rows - row);
        var y = state.Floats(part.Output) + row;
        var rows = (byte*)part.Weights + (nint)row * part.RowBytes;
        var x = kernel.IsQuantized ? state.At(quantized) : state.At(floats);
        var stride = kernel.IsQuantized ? Activations.RowBytes(k, kernel.Bits) : (nint)k * sizeof(float);
        kernel.MultiplyMatrix(rows, part.RowBytes, valid, k, x, stride, n, Activations.AreFew(tokens, state.Extents), y, (nint)part.Rows, scratch);
        if (part.Bias == Operand.None) return;
        var bias = state.Floats(part.Bias) + row;
        for (var t = 0; t < n; t++, y += part.Rows)
            for (var i = 0; i < valid; i++) y[i] += bias[i];
    }
}
