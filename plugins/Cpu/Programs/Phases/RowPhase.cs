namespace Hotplug.Cpu.Programs.Phases;

/// <summary>A phase over independent rows.</summary>
internal abstract class RowPhase(Extent rows, long elementsPerRow) : Phase
{
    // Rows of a chunk: enough work to be worth a claim, few enough to share out.
    private const long ElementsPerChunk = 4096;

    protected sealed override long Chunks(StepState state, int workers) => (rows.Resolve(state.Extents) + RowsPerChunk - 1) / RowsPerChunk;

    protected sealed override void Run(StepState state, int worker, int workers, long chunk)
        => Rows(state, chunk * RowsPerChunk, Math.Min(rows.Resolve(state.Extents), (chunk + 1) * RowsPerChunk));

    private long RowsPerChunk => Math.Max(1, ElementsPerChunk / Math.Max(1, elementsPerRow));

    /// <summary>Computes rows [first, end).</summary>
    protected abstract void Rows(StepState state, long first, long end);
}
