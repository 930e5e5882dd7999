using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.ModelForge;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.ServerTests.AI;

/// <summary>A client over the model that tells stories to whatever it is asked, and a generator over a forged embedding model, as a program's services give them.</summary>
public sealed class StoryClient : IAsyncLifetime
{
    public const string Story = "story", Other = "other", Vectors = "vectors";

    private readonly string _forged = Path.Combine(Path.GetTempPath(), $"hotplug-{Guid.NewGuid():N}.gguf");

    public static string Model { get; } = Path.Combine(AppContext.BaseDirectory, "models", "hotplug-story-5m.Q8_0.gguf");

    public static ChatMessage[] Question => [new(ChatRole.User, "Once upon a time")];

    public ServiceProvider Services { get; private set; } = null!;

    public IChatClient Client => Services.GetRequiredService<IChatClient>();

    public IEmbeddingGenerator<string, Embedding<float>> Generator => Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

    public async Task<GenerationScheduler> SchedulerAsync() => (await Services.GetRequiredService<ServedModels>().GetAsync(Story)).Scheduler;

    public static ChatOptions Greedy(int tokens = 16) => new() { Temperature = 0, MaxOutputTokens = tokens };

    public Task<ChatResponse> AskAsync(ChatOptions? options, params ChatMessage[] messages) => Client.GetResponseAsync(messages.Length == 0 ? Question : messages, options, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(ChatOptions options) => (await AskAsync(options)).Text;

    public ValueTask InitializeAsync()
    {
        Forge.Write(new() { Architecture = "bert", KvHeads = 4 }, _forged);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        var hotplug = services.AddHotplug();
        hotplug.AddModel(Story, o => (o.Path, o.Backend, o.Sequences, o.Context) = (Model, "cpu", 3, 512)).AddChatClient();
        hotplug.AddModel(Other, o => (o.Path, o.Backend, o.Context) = (Model, "cpu", 256));
        hotplug.AddModel(Vectors, o => (o.Path, o.Backend) = (_forged, "cpu")).AddEmbeddingGenerator();
        Services = services.BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        File.Delete(_forged);
    }
}
