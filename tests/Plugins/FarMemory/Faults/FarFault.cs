using Hotplug.Abstractions.Faults;

namespace Hotplug.FarMemory.Faults;

/// <summary>A failure behind a fence for which the contract has a kind but no type: cancelled work, and defects.</summary>
internal sealed class FarFault(FaultKind kind, string message, Exception? inner) : BackendException(message, inner)
{
    public override FaultKind Kind => kind;
}
