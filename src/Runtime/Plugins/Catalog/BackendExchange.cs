using Hotplug.Runtime.Plugins.Services;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>An exchange of generations that is not final yet: the one before stands by. To be settled once, either way; what comes second does nothing. Thread-safe.</summary>
public sealed class BackendExchange
{
    private readonly CatalogEntry _entry;
    private readonly BackendGeneration _after;
    private readonly BackendGeneration? _before;
    private readonly BackendLease? _hold;
    private readonly Lock _gate = new();
    private Task<UnloadResult?>? _settled;

    internal BackendExchange(CatalogEntry entry, BackendGeneration after, BackendGeneration? before, BackendLease? hold)
        => (_entry, _after, _before, _hold) = (entry, after, before, hold);

    /// <summary>Id of the backend.</summary>
    public string Backend => _entry.Id;

    /// <summary>Number of the generation that works now.</summary>
    public long Generation => _after.Number;

    /// <summary>Number of the one before, or null.</summary>
    public long? Before => _before?.Number;

    /// <summary>Whether the one before could be taken back: it was at work and had not failed.</summary>
    public bool CanRollBack => _hold is not null;

    /// <summary>Makes it final: the generation before is retired.</summary>
    /// <param name="options">How; null for the catalogue's own.</param>
    /// <returns>What became of it, when its leases are back and it was verified; null if there was none.</returns>
    public Task<UnloadResult?> CommitAsync(UnloadOptions? options = null)
    {
        lock (_gate) return _settled ??= Commit();

        async Task<UnloadResult?> Commit()
        {
            RuntimeMeter.Swaps.Add(1, new KeyValuePair<string, object?>(RuntimeMeter.BackendTag, Backend), new(RuntimeMeter.OutcomeTag, "committed"));
            _hold?.Dispose();
            return _before is null ? null : await _entry.DropAsync(_before, options).ConfigureAwait(false);
        }
    }

    /// <summary>Undoes it: the generation before works again, and the new one is quarantined and retired.</summary>
    /// <param name="reason">What the new one did, for people.</param>
    /// <returns>What became of the new one.</returns>
    public Task<UnloadResult?> RollBackAsync(string reason)
    {
        lock (_gate) return _settled ??= RollBack();

        async Task<UnloadResult?> RollBack()
        {
            RuntimeMeter.Swaps.Add(1, new KeyValuePair<string, object?>(RuntimeMeter.BackendTag, Backend), new(RuntimeMeter.OutcomeTag, "rolled-back"));
            var back = _before is not null && await _entry.TakeBackAsync(_after, _before, reason).ConfigureAwait(false);
            _hold?.Dispose();
            if (!back && _before is not null) _ = _entry.DropAsync(_before);
            return await _entry.DropAsync(_after).ConfigureAwait(false);
        }
    }
}
