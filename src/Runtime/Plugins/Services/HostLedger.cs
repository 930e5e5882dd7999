namespace Hotplug.Runtime.Plugins.Services;

/// <summary>What a host handed out to one plugin and has not got back.</summary>
internal sealed class HostLedger
{
    private readonly Lock _gate = new();
    private readonly HashSet<IDisposable> _items = new(ReferenceEqualityComparer.Instance);
    private bool _closed;

    /// <summary>Enters what <paramref name="make"/> makes; nothing is made once the ledger is closed.</summary>
    public T Add<T>(Func<T> make) where T : class, IDisposable
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PluginHost));
            var item = make();
            _items.Add(item);
            return item;
        }
    }

    /// <summary>Strikes out what came back.</summary>
    public void Remove(IDisposable item)
    {
        lock (_gate) _items.Remove(item);
    }

    /// <summary>Counts what is out.</summary>
    public HostLedgerTotals Totals()
    {
        lock (_gate)
        {
            var totals = default(HostLedgerTotals);
            foreach (var item in _items)
                totals = item switch
                {
                    HostAllocation memory => totals with { Allocations = totals.Allocations + 1, Bytes = totals.Bytes + memory.Length },
                    WorkerGroup workers => totals with { WorkerGroups = totals.WorkerGroups + 1, Threads = totals.Threads + workers.Count - 1 },
                    _ => totals,
                };
            return totals;
        }
    }

    /// <summary>Hands out nothing more, takes everything back, and says what was still out.</summary>
    public HostLedgerTotals Close()
    {
        var totals = Totals();
        IDisposable[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _items];
        }
        // Threads first: they may be using the memory.
        foreach (var item in left.OrderBy(i => i is HostAllocation)) item.Dispose();
        return totals;
    }
}
