using Hotplug.Extensions.AI.Health;
using Hotplug.Server.Administration;
using Hotplug.Server.Health;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.KoboldAI;
using Hotplug.Server.Ollama;
using Hotplug.Server.OpenAI;
using Hotplug.Server.Page;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP endpoints of Hotplug.</summary>
public static class HotplugEndpointExtensions
{
    /// <summary>
    /// Maps the endpoints: OpenAI's under <c>/v1</c>, KoboldAI's and Ollama's under <c>/api</c>, their description at <c>/openapi/v1.json</c>, administration under <c>/admin</c>, a page at <c>/</c>
    /// unless the program has one, and <c>/health</c>. What is returned takes conventions for all of them, such as CORS, which none has of itself.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <exception cref="InvalidOperationException"><c>AddServer</c> was not called.</exception>
    public static RouteGroupBuilder MapHotplug(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var guard = services.GetService<RequestGuard>() ?? throw new InvalidOperationException("The server's services are missing. Call services.AddHotplug()….AddServer().");
        var group = endpoints.MapGroup("");

        OpenAIEndpoints.Map(group, guard);
        KoboldEndpoints.Map(group, guard);
        OllamaEndpoints.Map(group, guard);
        group.MapOpenApi("/openapi/v1.json");

        var options = services.GetRequiredService<IOptions<HotplugServerOptions>>().Value;
        if (options.Administration) AdminEndpoints.Map(group, services);
        if (options.Page) PageEndpoints.Map(group);

        // Probes have no keys, and are told how things stand also while they end.
        var health = services.GetRequiredService<ModelsHealth>();
        group.MapGet("/health/live", new LiveEndpoint(health).HandleAsync);
        group.MapGet("/health/ready", new ReadyEndpoint(health).HandleAsync);
        return group;
    }
}
