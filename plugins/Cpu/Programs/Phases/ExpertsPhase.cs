using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Products with chosen experts: a chunk is a panel of one expert, multiplied by the rows that chose it.</summary>
internal sealed unsafe class ExpertsPhase(MatrixKernel kernel, nint weights, nint rowBytes, int k, long m, int experts, int used, bool shared, Extent tokens,
    Operand bias, Operand floats, Operand quantized, Operand ids, Operand output) : Phase
{
    private readonly long _panelBytes = (kernel.PanelBytes(k) + 63) / 64 * 64;
    private readonly long _panels = (m + kernel.Rows - 1) / kernel.Rows;

    public override long ScratchBytes => Math.Max(_panelBytes + kernel.Rows * kernel.Tokens * sizeof(float), kernel.ScratchBytes(k));

    protected override long Chunks(StepState state, int workers) => tokens.Resolve(state.Extents) == 0 ? 0 : _panels * experts;

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var choices = (int)tokens.Resolve(state.Extents) * used;
        var chosen = (int*)state.At(ids);
        var x = kernel.IsQuantized ? state.At(quantized) : state.At(floats);
        var stride = kernel.IsQuantized ? Activations.RowBytes(k, kernel.Bits) : (nint)k * sizeof(float);
        var scratch = state.Scratch(worker);
        var (expert, panel) = Math.DivRem(chunk, _panels);
        var row = panel * kernel.Rows;
        var valid = (int)Math.Min(kernel.Rows, m - row);
        // The form of the activations depends on how many tokens there are, not on how many chose the expert.
        var few = kernel.MultipliesRows(Activations.AreFew(tokens, state.Extents), valid);
        var codes = kernel.CodesOffset(k);
        byte* made = null;
        for (var c = 0; c < choices; c++)
        {
            if (chosen[c] != expert) continue;
            var rows = (byte*)weights + (nint)(expert * m + row) * rowBytes;
            var y = state.Floats(output) + c * m + row;
            var input = x + (shared ? c / used : c) * stride;
            if (few)
            {
                kernel.MultiplyRows(rows, rowBytes, valid, k, input, stride, 1, y, (nint)m, scratch);
            }
            else
            {
                if (made == null) made = kernel.Fill(rows, rowBytes, valid, k, scratch);
                kernel.Multiply(made, valid, k, input + codes, stride, Activations.NotesOffset(k, kernel.Bits) - codes, 1, y, (nint)m, (float*)(scratch + _panelBytes));
            }
            if (bias == Operand.None) continue;
            var b = state.Floats(bias) + expert * m + row;
            for (var i = 0; i < valid; i++) y[i] += b[i];
        }
    }
}
