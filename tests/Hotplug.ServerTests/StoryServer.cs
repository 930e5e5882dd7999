using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.ModelForge;
using Hotplug.Runtime.Hosting;
using Hotplug.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>A server on a free port of this machine, as a program composes it, with the model of stories. Disposed, it has stopped.</summary>
internal sealed class StoryServer : IAsyncDisposable
{
    public const string Model = "story", Vectors = "vectors";

    private readonly string? _forged;

    private StoryServer(WebApplication app, string? forged)
    {
        (App, _forged) = (app, forged);
        // One who goes away goes: the connection is not read to the end of the answer to be used again.
        Client = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public IModelHost Host => App.Services.GetRequiredService<IModelHost>();

    public static async Task<StoryServer> StartAsync(Action<HotplugServerOptions>? configure = null, int slots = 2, int queue = 64, bool embeddings = false, Action<WebApplicationBuilder>? builder = null,
        Action<IHotplugBuilder>? compose = null, Action<IServiceCollection>? services = null, bool logContent = false, Action<IWebHostBuilder>? host = null, Action<WebApplication>? before = null)
    {
        var web = WebApplication.CreateSlimBuilder();
        web.Logging.ClearProviders();
        web.WebHost.UseUrls("http://127.0.0.1:0");
        web.Services.AddSingleton(new GenerationSchedulerOptions { QueueLength = queue, LogContent = logContent });
        host?.Invoke(web.WebHost);
        builder?.Invoke(web);
        var hotplug = web.Services.AddHotplug()
            .AddModel(Model, o => (o.Path, o.Backend, o.Sequences, o.Context) = (Path.Combine(AppContext.BaseDirectory, "models", "hotplug-story-5m.Q8_0.gguf"), "cpu", slots, 512))
            .AddServer(configure);
        compose?.Invoke(hotplug);
        services?.Invoke(web.Services);
        var forged = embeddings ? Path.Combine(Path.GetTempPath(), $"hotplug-{Guid.NewGuid():N}.gguf") : null;
        if (forged is not null)
        {
            Forge.Write(new() { Architecture = "bert", KvHeads = 4 }, forged);
            hotplug.AddModel(Vectors, o => (o.Path, o.Backend) = (forged, "cpu"));
        }
        var app = web.Build();
        before?.Invoke(app);
        app.MapHotplug();
        await app.StartAsync();
        return new(app, forged);
    }

    public async Task<GenerationScheduler> SchedulerAsync() => (await App.Services.GetRequiredService<ServedModels>().GetAsync(Model)).Scheduler;

    public static JsonObject Completion(int tokens = 12, string prompt = "Once upon a time") => new() { ["model"] = Model, ["prompt"] = prompt, ["max_tokens"] = tokens, ["temperature"] = 0 };

    public static JsonObject Chat(int tokens = 12, string question = "Once upon a time") => new()
    {
        ["model"] = Model, ["max_tokens"] = tokens, ["temperature"] = 0, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
    };

    /// <summary>Asks; gives the status and the answer.</summary>
    public async Task<(int Status, JsonNode Answer)> PostAsync(string path, JsonNode body)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Asks with a body as it is.</summary>
    public async Task<(int Status, JsonNode Answer)> PostAsync(string path, string body, string type = "application/json")
    {
        using var response = await Client.PostAsync(path, new StringContent(body, Encoding.UTF8, type));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Asks for events; gives what each has behind <c>data:</c>.</summary>
    /// <param name="path">The endpoint.</param>
    /// <param name="body">The request.</param>
    /// <param name="name">The name that the events have; null for none.</param>
    public async Task<List<string>> StreamAsync(string path, JsonObject body, string? name = null)
    {
        body["stream"] = true;
        using var response = await OpenAsync(path, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var head = name is null ? "data: " : $"event: {name}\ndata: ";
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, e => Assert.StartsWith(head, e));
        return [.. events.Select(e => e[head.Length..])];
    }

    /// <summary>Asks for lines; gives the document of each.</summary>
    public async Task<List<JsonNode>> LinesAsync(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var response = await Client.SendAsync(request);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    /// <summary>Asks for events, and returns when the answer begins.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, JsonObject body, CancellationToken cancellation = default)
    {
        body["stream"] = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        if (_forged is not null) File.Delete(_forged);
    }
}
