using Hotplug.Extensions.AI.Health;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Health;

/// <summary><c>GET /health/ready</c>: the models are loaded, and requests are taken. Degraded is ready: what is otherwise than it was asked for is said.</summary>
internal sealed class ReadyEndpoint(ModelsHealth health)
{
    public Task HandleAsync(HttpContext context)
    {
        var (problems, concerns) = (health.Problems, health.Concerns);
        var (status, reasons) = health.State switch
        {
            ModelsState.Ready => concerns.Count == 0 ? ("ready", concerns) : ("degraded", concerns),
            ModelsState.Loading => ("loading", problems),
            ModelsState.Failed => ("failed", problems),
            _ => ("draining", problems),
        };
        if (status is not ("ready" or "degraded")) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(new HealthDocument(status, reasons.Count == 0 ? null : reasons), ServerJson.Default.HealthDocument, cancellationToken: context.RequestAborted);
    }
}
