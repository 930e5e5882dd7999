using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>
/// A generation that is loaded beside the one that works, with its devices open: to be tried, and then either put in its place or dropped. Dispose it in any case; once exchanged that does nothing.
/// </summary>
public sealed class StagedBackend : IAsyncDisposable
{
    private readonly CatalogEntry _entry;
    private readonly BackendGeneration _generation;
    private readonly BackendSource _source;
    private int _done;

    internal StagedBackend(CatalogEntry entry, BackendGeneration generation, BackendDescription description, BackendSource source)
        => (_entry, _generation, Description, _source) = (entry, generation, description, source);

    /// <summary>The slot it is meant for.</summary>
    public BackendSlot Slot => _entry.Slot;

    /// <summary>What was found and loaded.</summary>
    public BackendDescription Description { get; }

    /// <summary>Number of its generation.</summary>
    public long Generation => _generation.Number;

    /// <summary>Hash of its files, or null for code that is part of the host.</summary>
    public string? ContentHash => _generation.ContentHash;

    /// <summary>Takes a lease on it, though it is in no slot yet.</summary>
    /// <param name="owner">Who takes it, for diagnostics.</param>
    /// <exception cref="BackendUnavailableException">It has failed, or was dropped.</exception>
    public BackendLease Acquire(string owner)
        => _generation.TryAcquire(owner) ?? throw new BackendUnavailableException(Slot.Id, $"Generation {Generation} of backend '{Slot.Id}' takes no work: it is {_generation.State}.");

    /// <summary>Sends work to it from now on. The one before stands by until the exchange is settled.</summary>
    /// <exception cref="ObjectDisposedException">The catalogue, or this, was disposed.</exception>
    public async ValueTask<BackendExchange> ExchangeAsync()
    {
        if (Interlocked.Exchange(ref _done, 1) != 0) throw new ObjectDisposedException(nameof(StagedBackend));
        try
        {
            var (before, hold) = await _entry.ExchangeAsync(_generation, Description, _source).ConfigureAwait(false);
            return new BackendExchange(_entry, _generation, before, hold);
        }
        catch
        {
            _ = _entry.DropAsync(_generation);
            throw;
        }
    }

    /// <summary>Retires it if it was not exchanged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0) await _entry.DropAsync(_generation).ConfigureAwait(false);
    }
}
