using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>
/// The generations of backends that stay in the process although they were to go: something holds their code, or a call into them has not come back. One that is pinned stays by design and is not
/// among them. Looks from the moment it is made until it is disposed. Thread-safe.
/// </summary>
public sealed class ResidentGenerations : IDisposable
{
    private readonly IBackendCatalog _catalog;
    private readonly Dictionary<(string, long), BackendTransition> _found = [];

    /// <summary>Starts to look.</summary>
    public ResidentGenerations(IBackendCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _catalog.Transitioned += Look;
    }

    /// <summary>How each came to stay.</summary>
    public IReadOnlyList<BackendTransition> Found
    {
        get
        {
            lock (_found) return [.. _found.Values];
        }
    }

    /// <summary>Looks no more.</summary>
    public void Dispose() => _catalog.Transitioned -= Look;

    private void Look(BackendTransition step)
    {
        lock (_found)
            if (step.To == BackendState.Resident && step.Reason != BackendGeneration.PinnedReason) _found[(step.Backend, step.Generation)] = step;
            else if (step.To == BackendState.Unloaded) _found.Remove((step.Backend, step.Generation));
    }
}
