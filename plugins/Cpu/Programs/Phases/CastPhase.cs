using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>F32 to I32 by truncation (saturating, NaN to 0), or I32 to F32.</summary>
internal sealed unsafe class CastPhase(bool toInteger, Extent rows, int width, Operand input, Operand output) : RowPhase(rows, width)
{
    public override void Rows(StepState state, long first, long end)
    {
        for (var i = first * width; i < end * width; i++)
            if (toInteger) ((int*)state.At(output))[i] = (int)state.Floats(input)[i];
            else state.Floats(output)[i] = ((int*)state.At(input))[i];
    }
}
