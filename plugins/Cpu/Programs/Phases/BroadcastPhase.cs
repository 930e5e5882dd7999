using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>An element-wise function of two operands, the second repeated over outer dimensions in which its extent is 1.</summary>
internal sealed unsafe class BroadcastPhase(delegate*<float*, float*, float*, long, float, float, void> function, int width, Extent[] left, bool[] repeats,
    Operand a, Operand b, Operand output) : Phase
{
    private readonly delegate*<float*, float*, float*, long, float, float, void> _function = function;

    private long RowsPerChunk => Math.Max(1, 4096 / Math.Max(1, width));

    protected override long Chunks(StepState state, int workers)
        => (left[0].Resolve(state.Extents) * left[1].Resolve(state.Extents) * left[2].Resolve(state.Extents) + RowsPerChunk - 1) / RowsPerChunk;

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        long d1 = left[0].Resolve(state.Extents), d2 = left[1].Resolve(state.Extents), d3 = left[2].Resolve(state.Extents);
        long s1 = repeats[0] ? 0 : 1, s2 = repeats[1] ? 0 : repeats[0] ? 1 : d1, s3 = repeats[2] ? 0 : (repeats[0] ? 1 : d1) * (repeats[1] ? 1 : d2);
        for (var row = chunk * RowsPerChunk; row < Math.Min(d1 * d2 * d3, (chunk + 1) * RowsPerChunk); row++)
        {
            var other = row % d1 * s1 + row / d1 % d2 * s2 + row / d1 / d2 * s3;
            _function(state.Floats(a) + row * width, state.Floats(b) + other * width, state.Floats(output) + row * width, width, 0, 0);
        }
    }
}
