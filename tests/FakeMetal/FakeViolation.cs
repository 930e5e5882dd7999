namespace Hotplug.Metal.Fake;

/// <summary>A rule that was broken.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">By what.</param>
public sealed record FakeViolation(ViolationKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Text}";
}
