namespace Hotplug.Server.Health;

/// <summary>How the server stands.</summary>
/// <param name="Status"><c>live</c> or <c>hung</c>; <c>ready</c>, <c>degraded</c>, <c>loading</c>, <c>failed</c> or <c>draining</c>.</param>
/// <param name="Reasons">Why it is not simply live or ready, where there is something to say.</param>
internal sealed record HealthDocument(string Status, IReadOnlyList<string>? Reasons = null);
