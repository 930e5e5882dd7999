using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Server.Ollama;

/// <summary>Maps the endpoints of Ollama that ask models; those that fetch and change them are not there.</summary>
internal static class OllamaEndpoints
{
    public static void Map(RouteGroupBuilder group, RequestGuard guard)
    {
        var services = ((IEndpointRouteBuilder)group).ServiceProvider;
        var directory = services.GetRequiredService<ModelDirectory>();
        var (texts, models) = (new OllamaTextEndpoint(directory), new OllamaModelsEndpoint(directory));
        var embeddings = new OllamaEmbedEndpoint(services.GetRequiredService<TextEmbedding>());
        var routes = new GuardedRoutes(group, guard, OllamaDialect.Instance, "Ollama");
        routes.Post<OllamaChatRequest, OllamaAnswer>("/api/chat", texts.ChatAsync, "Answers in a conversation", "application/x-ndjson");
        routes.Post<OllamaGenerateRequest, OllamaAnswer>("/api/generate", texts.GenerateAsync, "Answers a prompt, or writes on from it", "application/x-ndjson");
        routes.Post<OllamaEmbedRequest, OllamaEmbeddings>("/api/embed", embeddings.HandleAsync, "Vectors of texts");
        routes.Post<OllamaEmbeddingsRequest, OllamaEmbedding>("/api/embeddings", embeddings.HandleOneAsync, "The vector of a text");
        routes.Get<OllamaModelList>("/api/tags", models.ListAsync, "The models");
        routes.Get<OllamaModelList>("/api/ps", models.RunningAsync, "The models that are loaded");
        routes.Post<OllamaShowRequest, OllamaModelDescription>("/api/show", models.ShowAsync, "A model in full");
        routes.Get<OllamaVersion>("/api/version", models.VersionAsync, "The version of the API");
    }
}
