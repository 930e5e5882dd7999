namespace Hotplug.Abstractions.Memory;

/// <summary>What a buffer is for. A hint for the backend's choice of memory; no operation depends on it.</summary>
public enum BufferUsage
{
    /// <summary>Anything.</summary>
    Any,
    /// <summary>Weights: written once, read in every step.</summary>
    Weights,
    /// <summary>Pages of the KV cache.</summary>
    KvCache,
    /// <summary>Values inside a slice, and its inputs and outputs.</summary>
    Workspace,
}
