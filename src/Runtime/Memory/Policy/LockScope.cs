namespace Hotplug.Runtime.Memory.Policy;

/// <summary>What the lock policy acts on.</summary>
[Flags]
public enum LockScope
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Weights.</summary>
    Weights = 1,
    /// <summary>Pages of the KV cache.</summary>
    KvCache = 2,
    /// <summary>Values inside a slice, its inputs and outputs.</summary>
    Workspace = 4,
    /// <summary>All of them.</summary>
    All = Weights | KvCache | Workspace,
}
