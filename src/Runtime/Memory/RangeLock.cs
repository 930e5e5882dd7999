using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Memory;

/// <summary>Pages held locked. Disposing it gives them up, before the memory goes; twice is harmless.</summary>
public sealed class RangeLock : IDisposable
{
    private LockLedger? _ledger;

    internal RangeLock(LockLedger ledger, AddressRange range) => (_ledger, Range) = (ledger, range);

    /// <summary>The pages.</summary>
    public AddressRange Range { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _ledger, null)?.Unlock(Range);
}
