namespace Hotplug.Runtime.Plugins.Services;

/// <summary>What a plugin has from its host at a moment.</summary>
/// <param name="Allocations">Pieces of host memory.</param>
/// <param name="Bytes">Bytes in them.</param>
/// <param name="WorkerGroups">Groups of worker threads.</param>
/// <param name="Threads">Threads in them; callers are not counted.</param>
public readonly record struct HostLedgerTotals(int Allocations, nuint Bytes, int WorkerGroups, int Threads)
{
    /// <summary>True if everything is back.</summary>
    public bool IsEmpty => Allocations == 0 && WorkerGroups == 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Allocations} allocations of {Bytes} bytes, {WorkerGroups} worker groups of {Threads} threads";
}
