namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>
/// Where consumers find a backend: it points at the current generation, which may be exchanged while others are at work. Hold the slot; take leases.
/// </summary>
public sealed class BackendSlot
{
    private BackendGeneration? _current;

    /// <summary>Creates an empty slot.</summary>
    public BackendSlot(string id) => Id = id;

    /// <summary>Id of the backend.</summary>
    public string Id { get; }

    /// <summary>The generation that takes work now, or null.</summary>
    public BackendGeneration? Current => Volatile.Read(ref _current);

    /// <summary>Takes a lease on the current generation. From any thread.</summary>
    /// <param name="owner">Who takes it, for diagnostics: "model story", "request 17".</param>
    /// <exception cref="BackendUnavailableException">No generation takes work.</exception>
    public BackendLease Acquire(string owner)
        => TryAcquire(owner) ?? throw new BackendUnavailableException(Id, $"Backend '{Id}' takes no work: "
            + (Current is { } current ? $"generation {current.Number} is {current.State}." : "it is not loaded."));

    /// <summary>Takes a lease on the current generation, or returns null if none takes work.</summary>
    public BackendLease? TryAcquire(string owner)
    {
        var generation = Current;
        while (generation is not null)
        {
            if (generation.TryAcquire(owner) is { } lease) return lease;
            // It was closed: either the slot points at its successor by now, or there is none.
            var next = Current;
            if (next == generation) return null;
            generation = next;
        }
        return null;
    }

    /// <summary>Puts another generation in place and closes the one before, which the caller retires. Work that asks from now on finds the new one.</summary>
    /// <returns>The generation before, or null.</returns>
    public BackendGeneration? Exchange(BackendGeneration? next)
    {
        var before = Interlocked.Exchange(ref _current, next);
        if (before != next) before?.Close();
        return before;
    }
}
