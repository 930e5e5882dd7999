using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.OpenAI.Embeddings;
using Hotplug.Server.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.KoboldAI;

/// <summary>Maps the endpoints of KoboldAI, and those that KoboldCPP has added to them, as their descriptions have them.</summary>
internal static class KoboldEndpoints
{
    public static void Map(RouteGroupBuilder group, RequestGuard guard)
    {
        var services = ((IEndpointRouteBuilder)group).ServiceProvider;
        var directory = services.GetRequiredService<ModelDirectory>();
        var (texts, statistics) = (new KoboldTexts(), ActivatorUtilities.CreateInstance<KoboldStatistics>(services));
        var generate = new GenerateEndpoint(directory, texts, statistics);
        var (running, vocabulary) = (new RunningEndpoint(texts), new VocabularyEndpoint(directory));
        var settings = new SettingsEndpoint(directory, statistics, services.GetRequiredService<IOptions<HotplugServerOptions>>());
        var routes = new GuardedRoutes(group, guard, KoboldDialect.Instance, "KoboldAI");

        foreach (var version in (ReadOnlySpan<string>)["v1", "latest"])
        {
            routes.Post<GenerateRequest, GenerateResults>($"/api/{version}/generate", generate.WholeAsync, "Writes on from a prompt");
            routes.Get<TextResult>($"/api/{version}/model", settings.ModelAsync, "The model's name");
            routes.Get<TextResult>($"/api/{version}/info/version", settings.VersionAsync, "The version of the API");
            routes.Get<NumberValue>($"/api/{version}/config/max_length", settings.MaxLengthAsync, "Tokens of a text, where a request does not say");
            routes.Get<NumberValue>($"/api/{version}/config/max_context_length", settings.ContextAsync, "Tokens of the context");
            routes.Get<TextValue>($"/api/{version}/config/soft_prompt", settings.SoftPromptAsync, "The soft prompt: there are none");
            routes.Get<TextValues>($"/api/{version}/config/soft_prompts_list", settings.SoftPromptsAsync, "The soft prompts: there are none");
        }
        routes.Post<GenerateRequest, GenerateEvent>("/api/extra/generate/stream", generate.StreamAsync, "Writes on from a prompt, in events", "text/event-stream");
        routes.Get<GenerateResults>("/api/extra/generate/check", running.CheckAsync, "What there is of a text");
        routes.Post<KeyRequest, GenerateResults>("/api/extra/generate/check", running.CheckAsync, "What there is of a text, by its key");
        routes.Post<KeyRequest, Success>("/api/extra/abort", running.AbortAsync, "Gives a text up");
        routes.Get<LastLogprobs>("/api/extra/last_logprobs", running.LogprobsAsync, "Log probabilities of the last text");
        routes.Post<KeyRequest, LastLogprobs>("/api/extra/last_logprobs", running.LogprobsAsync, "Log probabilities of a text, by its key");
        routes.Post<CountRequest, TokenCount>("/api/extra/tokencount", vocabulary.CountAsync, "The tokens of a text");
        routes.Post<CountRequest, TokenCount>("/api/extra/tokenize", vocabulary.CountAsync, "The tokens of a text");
        routes.Post<DetokenizeRequest, TextResult>("/api/extra/detokenize", vocabulary.DecodeAsync, "The text of tokens");
        routes.Post<SchemaRequest, TextResult>("/api/extra/json_to_grammar", vocabulary.GrammarAsync, "The grammar of a JSON schema");
        routes.Get<Performance>("/api/extra/perf", settings.PerformanceAsync, "How the last text went, and how busy the server is");
        routes.Get<VersionInfo>("/api/extra/version", settings.ExtraVersionAsync, "The version of the API, and what of it there is");
        routes.Get<NumberValue>("/api/extra/true_max_context_length", settings.ContextAsync, "Tokens of the context");
        routes.Post<EmbeddingRequest, EmbeddingList>("/api/extra/embeddings", services.GetRequiredService<EmbeddingsEndpoint>().HandleAsync, "Vectors of texts, as OpenAI's");
    }
}
