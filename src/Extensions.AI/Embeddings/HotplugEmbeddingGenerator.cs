using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Models;
using Microsoft.Extensions.AI;

namespace Hotplug.Extensions.AI.Embeddings;

/// <summary>Vectors of texts, of length 1, by an embedding model. Thread-safe; arguments are not changed. The model is loaded at the first request.</summary>
/// <param name="host">Gives the model; outlives the generator.</param>
/// <param name="name">The model's name.</param>
public sealed class HotplugEmbeddingGenerator(IModelHost host, string name) : IEmbeddingGenerator<string, Embedding<float>>
{
    private volatile EmbeddingGeneratorMetadata _metadata = new("hotplug", null, name);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A text is empty or too long, the model writes text, or other dimensions than its own are asked for.</exception>
    /// <exception cref="KeyNotFoundException"><see cref="EmbeddingGenerationOptions.ModelId"/> names a model that is not configured; the message lists those that are.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (texts, asked, dimensions) = (values.ToList(), options?.ModelId ?? name, options?.Dimensions);
        var model = await host.GetAsync(asked, cancellationToken).ConfigureAwait(false);
        var embedder = new TextEmbedder(model);
        if (dimensions is { } wanted && wanted != embedder.Length)
            throw new ArgumentException($"{wanted} dimensions were asked for, and the vectors of '{asked}' have {embedder.Length}.", nameof(options));
        // Known once the model is loaded.
        if (asked == name && _metadata.DefaultModelDimensions is null) _metadata = new("hotplug", null, name, embedder.Length);
        return await Task.Run(() =>
        {
            var result = new GeneratedEmbeddings<Embedding<float>>(texts.Count);
            var tokens = 0L;
            foreach (var text in texts)
            {
                var ids = model.Tokenizer.Encode(text, addSpecial: true);
                result.Add(new(embedder.Embed(ids, cancellationToken)) { ModelId = asked, CreatedAt = DateTimeOffset.UtcNow });
                tokens += ids.Length;
            }
            result.Usage = new() { InputTokenCount = tokens, TotalTokenCount = tokens };
            return result;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The generator itself, or its metadata. How many dimensions its vectors have stands there once the model is loaded.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing: the model is not the generator's.</summary>
    public void Dispose() { }
}
