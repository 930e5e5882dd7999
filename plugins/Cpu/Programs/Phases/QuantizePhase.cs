using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Quantises rows of activations for the matrices that read them.</summary>
internal sealed unsafe class QuantizePhase<T>(Extent rows, int width, ActivationBits bits, Operand input, Operand output) : Phase where T : unmanaged, ILanes<T>
{
    private const int BlocksPerChunk = 64;

    private readonly int _parts = (width / 32 + BlocksPerChunk - 1) / BlocksPerChunk;

    protected override long Chunks(StepState state, int workers) => rows.Resolve(state.Extents) * _parts;

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var (row, part) = Math.DivRem(chunk, _parts);
        var first = (int)part * BlocksPerChunk;
        Activations.Quantize<T>(state.Floats(input) + row * width, width, first, Math.Min(width / 32, first + BlocksPerChunk),
            state.At(output) + (nint)row * Activations.RowBytes(width, bits), bits, Activations.AreFew(rows, state.Extents));
    }
}
