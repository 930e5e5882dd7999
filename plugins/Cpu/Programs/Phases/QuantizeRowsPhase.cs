using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Quantises whole rows of activations.</summary>
internal sealed unsafe class QuantizeRowsPhase<T>(Extent rows, int width, ActivationBits bits, Operand input, Operand output) : RowPhase(rows, width) where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        var few = Activations.AreFew(Extent, state.Extents);
        for (; first < end; first++)
            Activations.Quantize<T>(state.Floats(input) + first * width, width, 0, width / 32, state.At(output) + (nint)first * Activations.RowBytes(width, bits), bits, few);
    }
}
