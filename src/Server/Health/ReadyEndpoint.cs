using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Health;

/// <summary><c>GET /health/ready</c>: the models are loaded, and requests are taken.</summary>
internal sealed class ReadyEndpoint(ServerLifetime lifetime)
{
    public Task HandleAsync(HttpContext context)
    {
        var (status, reason) = lifetime.State switch
        {
            ServerState.Ready => ("ready", null),
            ServerState.Loading => ("loading", null),
            // What exactly stands in the log: whoever asks for health need not know it.
            ServerState.Failed => ("failed", "A model could not be loaded."),
            _ => ("draining", null),
        };
        if (status != "ready") context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(new HealthDocument(status, reason), ServerJson.Default.HealthDocument, cancellationToken: context.RequestAborted);
    }
}
