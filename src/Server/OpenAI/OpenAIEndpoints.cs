using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.OpenAI.Chat;
using Hotplug.Server.OpenAI.Completions;
using Hotplug.Server.OpenAI.Embeddings;
using Hotplug.Server.OpenAI.Models;
using Hotplug.Server.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Server.OpenAI;

/// <summary>Maps the endpoints of OpenAI.</summary>
internal static class OpenAIEndpoints
{
    public static void Map(RouteGroupBuilder group, RequestGuard guard)
    {
        var services = ((IEndpointRouteBuilder)group).ServiceProvider;
        var directory = services.GetRequiredService<ModelDirectory>();
        var models = new ModelsEndpoint(directory);
        var routes = new GuardedRoutes(group, guard, OpenAIDialect.Instance, "OpenAI");
        routes.Get<ModelList>("/v1/models", models.ListAsync, "The models");
        routes.Get<ModelItem>("/v1/models/{model}", models.GetAsync, "A model by name");
        routes.Post<CompletionRequest, CompletionDocument>("/v1/completions", new CompletionsEndpoint(directory).HandleAsync, "Writes on from prompts");
        routes.Post<ChatRequest, ChatDocument>("/v1/chat/completions", new ChatEndpoint(directory).HandleAsync, "Answers in a conversation");
        routes.Post<EmbeddingRequest, EmbeddingList>("/v1/embeddings", services.GetRequiredService<EmbeddingsEndpoint>().HandleAsync, "Vectors of texts");
    }
}
