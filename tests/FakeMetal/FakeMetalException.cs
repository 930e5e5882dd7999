namespace Hotplug.Metal.Fake;

/// <summary>Rules were broken or objects are left.</summary>
/// <param name="violations">All of them.</param>
public sealed class FakeMetalException(IReadOnlyList<FakeViolation> violations) : Exception(string.Join(Environment.NewLine, violations))
{
    /// <summary>All of them, in the order in which they happened.</summary>
    public IReadOnlyList<FakeViolation> Violations { get; } = violations;
}
