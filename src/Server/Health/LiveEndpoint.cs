using Hotplug.Extensions.AI.Health;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Health;

/// <summary><c>GET /health/live</c>: the process answers, and no call into a device hangs at a place that still has to.</summary>
internal sealed class LiveEndpoint(ModelsHealth health)
{
    public Task HandleAsync(HttpContext context)
    {
        var hung = health.Hung;
        if (hung.Count > 0) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(hung.Count == 0 ? new HealthDocument("live") : new("hung", hung), ServerJson.Default.HealthDocument, cancellationToken: context.RequestAborted);
    }
}
