namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>Whether a backend can run here.</summary>
/// <param name="Id">Id of the backend.</param>
/// <param name="Score">0 if it cannot; otherwise the higher, the more it is preferred among backends of the same kind.</param>
/// <param name="Reasons">What it found or misses, or how it failed.</param>
public sealed record BackendProbe(string Id, int Score, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether it has only devices that are used when they are named.</summary>
    public bool OnlyWhenNamed { get; init; }
}
