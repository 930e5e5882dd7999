using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Hosting;

/// <summary>Memory policy as configured. In the configuration enumerations are words and sizes have units.</summary>
public sealed class HotplugMemoryOptions
{
    /// <summary>Whether weights are mapped: <c>auto</c>, <c>require</c>, <c>off</c>; null means nobody said.</summary>
    public MapPolicy? Map { get; set; }

    /// <summary>Whether memory is locked: <c>off</c>, <c>try</c>, <c>require</c>.</summary>
    public LockPolicy Lock { get; set; }

    /// <summary>What locking acts on: <c>weights</c>, <c>kvcache</c>, <c>workspace</c>, <c>all</c>, or a list of them with commas.</summary>
    public LockScope LockScope { get; set; } = LockScope.Weights;

    /// <summary>A bound in bytes on single allocations below that of the buffer types, such as <c>1.25MiB</c>; null for none.</summary>
    public ulong? LargestAllocation { get; set; }

    /// <summary>The policy this asks for.</summary>
    public MemoryPolicy ToPolicy() => new()
    {
        Map = Map, Lock = Lock, Scope = LockScope, LargestAllocation = LargestAllocation is { } bytes ? (nuint)Math.Min(bytes, nuint.MaxValue) : null,
    };
}
