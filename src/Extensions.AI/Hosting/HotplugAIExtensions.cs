using Hotplug.Extensions.AI.Chat;
using Hotplug.Extensions.AI.Embeddings;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models of Hotplug to what Microsoft.Extensions.AI injects.</summary>
public static class HotplugAIExtensions
{
    /// <summary>
    /// Adds an <see cref="IChatClient"/> over a model: keyed by the model's name, and for those who inject one without a key if it is the first. Compose middleware on what is returned.
    /// </summary>
    /// <param name="builder">The builder; the model is added to it by <c>AddModel</c>.</param>
    /// <param name="name">Name of the model.</param>
    /// <returns>The builder of the client's middleware.</returns>
    public static ChatClientBuilder AddChatClient(this IHotplugBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        AddServedModels(builder.Services);
        builder.Services.TryAddSingleton<IChatClient>(provider => provider.GetRequiredKeyedService<IChatClient>(name));
        return builder.Services.AddKeyedChatClient(name, provider => new HotplugChatClient(provider.GetRequiredService<ServedModels>(), name));
    }

    /// <summary>Adds an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over an embedding model: keyed by the model's name, and without a key if it is the first.</summary>
    /// <param name="builder">The builder; the model is added to it by <c>AddModel</c>.</param>
    /// <param name="name">Name of the model.</param>
    /// <returns>The builder of the generator's middleware.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddEmbeddingGenerator(this IHotplugBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name));
        return builder.Services.AddKeyedEmbeddingGenerator(name, provider => new HotplugEmbeddingGenerator(provider.GetRequiredService<IModelHost>(), name));
    }

    private static void AddServedModels(IServiceCollection services)
        => services.TryAddSingleton(static provider => new ServedModels(provider.GetRequiredService<IModelHost>(), provider.GetService<GenerationSchedulerOptions>()));
}
