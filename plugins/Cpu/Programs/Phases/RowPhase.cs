namespace Hotplug.Cpu.Programs.Phases;

/// <summary>A phase over independent rows.</summary>
internal abstract class RowPhase(Extent rows, long elementsPerRow) : Phase
{
    // Rows of a chunk: enough work to be worth a claim, few enough to share out.
    private const long ElementsPerChunk = 4096;

    public sealed override void Run(StepState state, int worker, int workers)
    {
        var total = rows.Resolve(state.Extents);
        var step = Math.Max(1, ElementsPerChunk / Math.Max(1, elementsPerRow));
        while (Claim((total + step - 1) / step, out var chunk))
            Rows(state, chunk * step, Math.Min(total, (chunk + 1) * step));
    }

    /// <summary>Computes rows [first, end).</summary>
    protected abstract void Rows(StepState state, long first, long end);
}
