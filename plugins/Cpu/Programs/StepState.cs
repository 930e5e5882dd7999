using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// What the workers see of a step: extents, the addresses of the roots, and the step's lists, pinned by the caller for as long as the step runs.
/// Written before the workers start, read only while they run.
/// </summary>
internal sealed unsafe class StepState(int roots, nint scratchOffset, nint scratchBytes, nint sharedOffset)
{
    private readonly nint[] _roots = new nint[roots];
    private KvPool? _pool;
    private nint[] _poolBuffers = [];
    private int _pagesPerBuffer;
    private nint _pageBytes;

    public StepBounds Extents;
    public int* TokenIds, Positions, OutputRows, Pages;
    public SequenceStep* Sequences;
    public int SequenceCount;

    public void SetRoot(int root, nint address) => _roots[root] = address;

    public byte* At(Operand operand) => (byte*)(_roots[operand.Root] + operand.Offset);

    public float* Floats(Operand operand) => (float*)At(operand);

    /// <summary>Scratch of a worker: its own part of the workspace.</summary>
    public byte* Scratch(int worker) => (byte*)(_roots[Operand.Workspace] + scratchOffset + worker * scratchBytes);

    /// <summary>Scratch that all workers share in a phase.</summary>
    public float* Shared => (float*)(_roots[Operand.Workspace] + sharedOffset);

    /// <summary>Remembers where the pages of a pool lie; a pool is immutable, so once per pool.</summary>
    public void SetPool(KvPool? pool)
    {
        if (ReferenceEquals(pool, _pool)) return;
        _pool = null;
        if (pool is not null)
        {
            if (_poolBuffers.Length < pool.Buffers.Count) _poolBuffers = new nint[pool.Buffers.Count];
            for (var i = 0; i < pool.Buffers.Count; i++)
                if (!pool.Buffers[i].TryGetPointer(out _poolBuffers[i]))
                    throw new ArgumentException("A buffer of the KV pool does not lie in host memory.", nameof(pool));
            (_pagesPerBuffer, _pageBytes) = (pool.PagesPerBuffer, (nint)pool.Layout.PageBytes);
        }
        _pool = pool;
    }

    /// <summary>The page with entry <paramref name="entry"/> of the step's page lists. The host has checked the numbers.</summary>
    public byte* Page(int entry)
    {
        var (buffer, place) = Math.DivRem(Pages[entry], _pagesPerBuffer);
        return (byte*)(_poolBuffers[buffer] + place * _pageBytes);
    }

    /// <summary>The sequence that a row of the step belongs to.</summary>
    public SequenceStep* SequenceOf(int row)
    {
        for (var s = Sequences; s < Sequences + SequenceCount; s++)
            if (row >= s->FirstRow && row - s->FirstRow < s->RowCount) return s;
        throw new ArgumentException($"Row {row} of the step belongs to no sequence.");
    }
}
