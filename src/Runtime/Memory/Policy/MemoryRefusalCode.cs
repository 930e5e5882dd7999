namespace Hotplug.Runtime.Memory.Policy;

/// <summary>Why a load or an allocation was refused.</summary>
public enum MemoryRefusalCode
{
    /// <summary>The policy contradicts itself or holds a value that means nothing.</summary>
    BadPolicy,
    /// <summary>A tensor's type, shape or place in the file is impossible.</summary>
    BadTensor,
    /// <summary>A plugin's buffer type failed, or states facts that cannot be.</summary>
    BadBufferType,
    /// <summary>One tensor is larger than the largest allocation.</summary>
    TooLarge,
    /// <summary>Mapping is required and something in host memory cannot be mapped.</summary>
    MapImpossible,
    /// <summary>Locking is required and the limit is too low.</summary>
    LockLimit,
    /// <summary>Locking is required and something can neither be locked nor is known to stay in memory.</summary>
    LockImpossible,
    /// <summary>Locking is required and the system refused it although the limit seemed to allow it.</summary>
    LockFailed,
}
