namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A backend in a choice.</summary>
/// <param name="Id">Id of the backend.</param>
/// <param name="IsChosen">Whether it was chosen.</param>
/// <param name="Reason">Why it was, or was not.</param>
public sealed record BackendCandidate(string Id, bool IsChosen, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsChosen ? "+" : "-")} {Id}: {Reason}";
}
