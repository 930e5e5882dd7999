namespace Hotplug.Runtime.Memory.Policy;

/// <summary>
/// Another policy for the tensors whose name matches. Of several that match, the first that states a map policy gives it, and the first
/// that states a lock policy gives that.
/// </summary>
public sealed record MemoryOverride
{
    /// <summary>Pattern of tensor names; see <see cref="NamePattern"/>.</summary>
    public required string Pattern { get; init; }

    /// <summary>Map policy of these tensors, or null to leave it.</summary>
    public MapPolicy? Map { get; init; }

    /// <summary>Lock policy of these tensors, or null to leave it. Stated here, it holds whatever <see cref="MemoryPolicy.Scope"/> says.</summary>
    public LockPolicy? Lock { get; init; }
}
