using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Where one tensor goes and what becomes of the policy's wishes for it.</summary>
public sealed record PlannedTensor
{
    /// <summary>Index of the request.</summary>
    public required int Request { get; init; }

    /// <summary>Name, type and shape.</summary>
    public required TensorSpec Spec { get; init; }

    /// <summary>Index of the part it lies in.</summary>
    public required int Part { get; init; }

    /// <summary>Bytes from the start of the part.</summary>
    public required nuint Offset { get; init; }

    /// <summary>Bytes it takes in the buffer, padding included.</summary>
    public required nuint Size { get; init; }

    /// <summary>Bytes in the standard layout.</summary>
    public required long Bytes { get; init; }

    /// <summary>Index of its file.</summary>
    public required int File { get; init; }

    /// <summary>First byte in the file.</summary>
    public required long FileOffset { get; init; }

    /// <summary>How it gets there.</summary>
    public required MapFate Map { get; init; }

    /// <summary>Why it is copied, or empty.</summary>
    public string MapReason { get; init; } = "";

    /// <summary>What the policy says about locking it.</summary>
    public LockPolicy LockWish { get; init; }

    /// <summary>What becomes of that.</summary>
    public LockFate Lock { get; init; }

    /// <summary>Why it is not locked, or empty.</summary>
    public string LockReason { get; init; } = "";
}
