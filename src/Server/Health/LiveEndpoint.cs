using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Health;

/// <summary><c>GET /health/live</c>: the process answers.</summary>
internal static class LiveEndpoint
{
    public static Task HandleAsync(HttpContext context)
        => context.Response.WriteAsJsonAsync(new HealthDocument("live"), ServerJson.Default.HealthDocument, cancellationToken: context.RequestAborted);
}
