namespace Hotplug.Server.Health;

/// <summary>How the server stands.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>loading</c>, <c>failed</c> or <c>draining</c>.</param>
/// <param name="Reason">Why it is not ready, where there is something to say.</param>
internal sealed record HealthDocument(string Status, string? Reason = null);
