using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>
/// How the weights of a model lie in one range of addresses: every part, every tensor, every reason. The load executes exactly this. Plain data,
/// safe from any thread; it names buffer types, so drop it before their backend is to be unloaded.
/// </summary>
public sealed record CompositionPlan
{
    /// <summary>Bytes of addresses.</summary>
    public required nuint Length { get; init; }

    /// <summary>Alignment of the first address.</summary>
    public required nuint Alignment { get; init; }

    /// <summary>Parts in order of address.</summary>
    public required IReadOnlyList<PlannedPart> Parts { get; init; }

    /// <summary>Tensors, by index of request.</summary>
    public required IReadOnlyList<PlannedTensor> Tensors { get; init; }

    /// <summary>Indices of the tensors to lock, in the order in which they are locked.</summary>
    public required IReadOnlyList<int> LockOrder { get; init; }

    /// <summary>What the user should know of how his wishes were read.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The policy it was made under.</summary>
    public required MemoryPolicy Policy { get; init; }

    /// <summary>Bytes of all tensors in the standard layout.</summary>
    public long TensorBytes => Parts.Sum(part => part.TensorBytes);

    /// <summary>Bytes of file mapped: whole pages.</summary>
    public long MappedBytes => Parts.Sum(part => part.Backing == PartBacking.FileMapping ? (long)part.Length : 0);

    /// <summary>Bytes of host memory to allocate.</summary>
    public long CommittedBytes => Parts.Sum(part => part.Backing == PartBacking.Committed ? (long)part.Length : 0);

    /// <summary>Bytes to allocate on devices.</summary>
    public long DeviceBytes => Parts.Sum(part => part.Backing == PartBacking.Device ? (long)part.Length : 0);

    /// <summary>Bytes wished locked.</summary>
    public long LockAsked => Parts.Sum(part => part.LockAsked);

    /// <summary>Bytes of whole pages that the load will lock.</summary>
    public long LockBytes => Parts.Sum(part => part.LockBytes);
}
