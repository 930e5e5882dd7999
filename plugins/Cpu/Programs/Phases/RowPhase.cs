using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>A phase over independent rows. Neighbouring ones may be run as one: see <see cref="RowGroupPhase"/>.</summary>
internal abstract class RowPhase(Extent rows, long elementsPerRow) : Phase
{
    // Rows of a chunk: enough work to be worth a claim, few enough to share out.
    private const long ElementsPerChunk = 4096;

    /// <summary>The number of rows.</summary>
    public Extent Extent => rows;

    /// <summary>Elements of a row, to judge how much work it is.</summary>
    public long ElementsPerRow => elementsPerRow;

    /// <summary>Computes rows [first, end).</summary>
    public abstract void Rows(StepState state, long first, long end);

    /// <summary>Rows of a chunk when a row has <paramref name="elements"/> elements.</summary>
    public static long RowsPerChunk(long elements) => Math.Max(1, ElementsPerChunk / Math.Max(1, elements));

    protected sealed override long Chunks(StepState state, int workers)
    {
        var step = RowsPerChunk(elementsPerRow);
        return (rows.Resolve(state.Extents) + step - 1) / step;
    }

    protected sealed override void Run(StepState state, int worker, int workers, long chunk)
    {
        var step = RowsPerChunk(elementsPerRow);
        Rows(state, chunk * step, Math.Min(rows.Resolve(state.Extents), (chunk + 1) * step));
    }
}
