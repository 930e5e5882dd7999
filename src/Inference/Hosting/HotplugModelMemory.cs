using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Inference.Hosting;

/// <summary>What one model says of its memory; null where the runtime's policy holds.</summary>
public sealed class HotplugModelMemory
{
    /// <summary>Whether weights are mapped.</summary>
    public MapPolicy? Map { get; set; }

    /// <summary>Whether memory is locked.</summary>
    public LockPolicy? Lock { get; set; }

    /// <summary>What locking acts on.</summary>
    public LockScope? LockScope { get; set; }
}
