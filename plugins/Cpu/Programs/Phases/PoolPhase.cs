using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>One row of each sequence's rows.</summary>
internal sealed unsafe class PoolPhase(Pooling kind, int width, Operand input, Operand output) : RowPhase(new Extent(1, 0, 0, 1), width)
{
    public override void Rows(StepState state, long first, long end)
    {
        for (; first < end; first++)
        {
            var sequence = state.Sequences[first];
            float* x = state.Floats(input) + (long)sequence.FirstRow * width, y = state.Floats(output) + first * width;
            for (var i = 0; i < width; i++)
            {
                if (sequence.RowCount == 0) { y[i] = 0; continue; }
                if (kind != Pooling.Mean) { y[i] = x[(kind == Pooling.First ? 0 : sequence.RowCount - 1L) * width + i]; continue; }
                var sum = 0.0;
                for (var r = 0; r < sequence.RowCount; r++) sum += x[(long)r * width + i];
                y[i] = (float)(sum / sequence.RowCount);
            }
        }
    }
}
