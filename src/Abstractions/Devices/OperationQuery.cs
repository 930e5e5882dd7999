using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.Devices;

/// <summary>Everything a device needs to know to say whether it can run an operation. The operation's values carry types and shapes.</summary>
public readonly record struct OperationQuery
{
    /// <summary>The operation. A device answers No to kinds it does not know.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Upper bounds of the symbols in its shapes.</summary>
    public required StepBounds Bounds { get; init; }

    /// <summary>The buffer type in which the operation's weights lie, possibly another backend's; null if it has none.</summary>
    public IBufferType? WeightBufferType { get; init; }

    /// <summary>The KV cache it works on; null if it touches none.</summary>
    public KvCacheSpec? KvCache { get; init; }
}
