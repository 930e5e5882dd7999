using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{model}</c>: the models by name.</summary>
internal sealed class ModelsEndpoint(ModelDirectory directory)
{
    public Task ListAsync(HttpContext context)
        => context.Response.WriteAsJsonAsync(new ModelList([.. directory.Names.Select(Item)]), ServerJson.Default.ModelList, cancellationToken: context.RequestAborted);

    public Task GetAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["model"];
        var known = directory.Names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ApiException(404, $"The model '{name}' does not exist. There are: {string.Join(", ", directory.Names)}.", "model", "model_not_found");
        return context.Response.WriteAsJsonAsync(Item(known), ServerJson.Default.ModelItem, cancellationToken: context.RequestAborted);
    }

    private ModelItem Item(string name) => new(name, directory.Since.ToUnixTimeSeconds());
}
