using Hotplug.Cpu.Programs;

namespace Hotplug.Cpu.Roofline;

/// <summary>A stretch of a program in which nothing is computed, a chunk per worker: what is left is the barrier.</summary>
internal sealed class EmptyPhase : Phase
{
    protected override long Chunks(StepState state, int workers) => workers;

    protected override void Run(StepState state, int worker, int workers, long chunk) { }
}
