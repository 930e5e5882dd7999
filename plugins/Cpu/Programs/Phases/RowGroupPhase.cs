using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// Operations one behind the other of which each reads only the rows that it writes: a chunk of rows goes through all of them while it is in the cache, and
/// nobody waits between them. The rows of a part are a multiple of the unit's.
/// </summary>
internal sealed class RowGroupPhase(Extent unit, RowPhase[] parts) : Phase
{
    private readonly long _step = RowPhase.RowsPerChunk(parts.Sum(p => p.ElementsPerRow * p.Extent.Constant) / parts.Length);

    protected override long Chunks(StepState state, int workers) => (unit.Resolve(state.Extents) + _step - 1) / _step;

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var end = Math.Min(unit.Resolve(state.Extents), (chunk + 1) * _step);
        foreach (var part in parts) part.Rows(state, chunk * _step * part.Extent.Constant, end * part.Extent.Constant);
    }
}
