using Hotplug.Extensions.AI.Chat;
using Hotplug.Extensions.AI.Embeddings;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models of Hotplug to what Microsoft.Extensions.AI injects.</summary>
public static class HotplugAIExtensions
{
    /// <summary>Adds an <see cref="IChatClient"/> over the model that was just added; see <see cref="AddChatClient(IHotplugBuilder, string)"/>.</summary>
    /// <param name="builder">What <c>AddModel</c> returned.</param>
    /// <returns>The builder of the client's middleware.</returns>
    public static ChatClientBuilder AddChatClient(this IHotplugModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddChatClient(builder.Model);
    }

    /// <summary>
    /// Adds an <see cref="IChatClient"/> over a model: keyed by the model's name, and for those who inject one without a key if it is the first. Compose middleware on what is returned. With the
    /// program's host the model is loaded, warmed and drained.
    /// </summary>
    /// <param name="builder">The builder; the model is added to it by <c>AddModel</c>.</param>
    /// <param name="name">Name of the model.</param>
    /// <returns>The builder of the client's middleware.</returns>
    public static ChatClientBuilder AddChatClient(this IHotplugBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddHotplugModels();
        builder.Services.TryAddSingleton<IChatClient>(provider => provider.GetRequiredKeyedService<IChatClient>(name));
        return builder.Services.AddKeyedChatClient(name, provider => new HotplugChatClient(provider.GetRequiredService<ServedModels>(), name));
    }

    /// <summary>Adds an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over the embedding model that was just added; see <see cref="AddEmbeddingGenerator(IHotplugBuilder, string)"/>.</summary>
    /// <param name="builder">What <c>AddModel</c> returned.</param>
    /// <returns>The builder of the generator's middleware.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddEmbeddingGenerator(this IHotplugModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddEmbeddingGenerator(builder.Model);
    }

    /// <summary>Adds an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over an embedding model: keyed by the model's name, and without a key if it is the first.</summary>
    /// <param name="builder">The builder; the model is added to it by <c>AddModel</c>.</param>
    /// <param name="name">Name of the model.</param>
    /// <returns>The builder of the generator's middleware.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddEmbeddingGenerator(this IHotplugBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddHotplugModels();
        builder.Services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name));
        return builder.Services.AddKeyedEmbeddingGenerator(name, provider => new HotplugEmbeddingGenerator(provider.GetRequiredService<IModelHost>(), name));
    }
}
