using Hotplug.Abstractions.Faults;

namespace Hotplug.Accelerators.Queues;

/// <summary>A failure for which the contract has a kind but no type of its own: cancelled work, and defects.</summary>
public sealed class DeviceFault(FaultKind kind, string message, Exception? inner = null) : BackendException(message, inner)
{
    /// <inheritdoc/>
    public override FaultKind Kind => kind;
}
