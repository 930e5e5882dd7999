using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// The pages of one device: which are free, and how many sequences hold each. Owns the buffers. Sequences come, go and arrive from elsewhere on any thread, also while a
/// step of others runs; what is counted here is therefore guarded.
/// </summary>
internal sealed class DevicePages : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int[] _holders;
    private readonly Stack<int> _free;

    public DevicePages(KvPlan plan, IReadOnlyList<BufferAllocation> buffers, DeviceLane lane)
    {
        (Plan, Lane, Buffers) = (plan, lane, buffers);
        Pool = new KvPool(plan.Layout, [.. buffers.Select(b => b.Buffer)], plan.PagesPerBuffer, plan.Pages);
        _holders = new int[plan.Pages];
        _free = new Stack<int>(plan.Pages);
        for (var page = plan.Pages - 1; page >= 0; page--) _free.Push(page);
    }

    public KvPlan Plan { get; }

    public IReadOnlyList<BufferAllocation> Buffers { get; }

    public KvPool Pool { get; }

    public DeviceLane Lane { get; }

    public IKvLayout Layout => Pool.Layout;

    public int PageTokens => Layout.Spec.PageTokens;

    public int FreePages
    {
        get
        {
            lock (_gate) return _free.Count;
        }
    }

    /// <summary>Takes a free page for one sequence.</summary>
    /// <exception cref="KvCacheFullException">There is none.</exception>
    public int Take()
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var page)) throw new KvCacheFullException(Plan.Device.Name, Plan.Pages, PageTokens);
            Volatile.Write(ref _holders[page], 1);
            return page;
        }
    }

    /// <summary>Adds a holder.</summary>
    public void Share(int page)
    {
        lock (_gate) _holders[page]++;
    }

    /// <summary>Takes a holder away; the last one frees the page.</summary>
    public void Release(int page)
    {
        lock (_gate)
        {
            if (--_holders[page] == 0) _free.Push(page);
        }
    }

    /// <summary>A page with the same cells that only one sequence holds: the page itself, or a copy.</summary>
    // Asked for the last page in every step, and therefore without the lock: only the one who holds a page can add a holder, so a 1 stays, and a 2 that has just become 1 costs a copy.
    // The copy is apart, because what its closure captures would be allocated here even where nothing is copied.
    public int MakeExclusive(int page) => Volatile.Read(ref _holders[page]) == 1 ? page : CopyOf(page);

    private int CopyOf(int page)
    {
        var copy = Take();
        try
        {
            Lane.Run(() => Layout.Copy(Pool.Locate(page), Pool.Locate(copy)));
        }
        catch
        {
            Release(copy);
            throw;
        }
        Release(page);
        return copy;
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers) buffer.Dispose();
    }
}
