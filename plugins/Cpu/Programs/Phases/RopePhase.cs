using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Rotates heads by a table of cosines and sines.</summary>
internal sealed unsafe class RopePhase<T>(RopeStyle style, int width, int heads, int rotary, Operand table, Operand input, Operand output)
    : RowPhase(new Extent(1, 1, 0, 0), (long)width * heads) where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        for (; first < end; first++)
        {
            var cosines = state.Floats(table) + first * rotary;
            float* x = state.Floats(input) + first * width * heads, y = state.Floats(output) + first * width * heads;
            for (var head = 0; head < heads; head++, x += width, y += width)
            {
                if (style == RopeStyle.Halves) Rotation.Halves<T>(x, y, cosines, cosines + rotary / 2, rotary / 2);
                else Rotation.Adjacent(x, y, cosines, cosines + rotary / 2, rotary / 2);
                if (x != y) new ReadOnlySpan<float>(x + rotary, width - rotary).CopyTo(new Span<float>(y + rotary, width - rotary));
            }
        }
    }
}
