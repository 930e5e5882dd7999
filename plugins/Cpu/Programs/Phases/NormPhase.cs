using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>What a <see cref="NormPhase{T}"/> does to a row.</summary>
internal enum NormKind { Rms, Layer, Unit, Softmax }

/// <summary>Operations over the innermost dimension.</summary>
internal sealed unsafe class NormPhase<T>(NormKind kind, Extent rows, int width, Operand input, Operand weight, Operand bias, float epsilon, Operand output)
    : RowPhase(rows, width) where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        float* x = state.Floats(input) + first * width, y = state.Floats(output) + first * width, w = state.Floats(weight), b = state.Floats(bias);
        for (; first < end; first++, x += width, y += width)
            switch (kind)
            {
                case NormKind.Rms: Norms.Rms<T>(x, w, y, width, epsilon); break;
                case NormKind.Layer: Norms.Layer<T>(x, w, b, y, width, epsilon); break;
                case NormKind.Unit: Norms.Unit<T>(x, y, width, epsilon); break;
                case NormKind.Softmax: Norms.Softmax<T>(x, y, width); break;
            }
    }
}
