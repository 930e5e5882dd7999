using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>The largest element of each row.</summary>
internal sealed unsafe class ArgMaxPhase<T>(Extent rows, int width, Operand input, Operand ids, Operand values) : RowPhase(rows, width)
    where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        for (; first < end; first++)
            ((int*)state.At(ids))[first] = Norms.ArgMax<T>(state.Floats(input) + first * width, width, out state.Floats(values)[first]);
    }
}
