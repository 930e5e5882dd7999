using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Models;
using Microsoft.Extensions.AI;

namespace Hotplug.Extensions.AI.Embeddings;

/// <summary>Vectors of texts, of length 1, by an embedding model. Thread-safe. The model is loaded at the first request.</summary>
/// <param name="host">Gives the model; outlives the generator.</param>
/// <param name="name">The model's name.</param>
public sealed class HotplugEmbeddingGenerator(IModelHost host, string name) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("hotplug", null, name);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A text is empty or too long, the model writes text, or other dimensions than its own are asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var texts = values.ToList();
        var model = await host.GetAsync(name, cancellationToken).ConfigureAwait(false);
        var embedder = new TextEmbedder(model);
        if (options?.Dimensions is { } wanted && wanted != embedder.Length)
            throw new ArgumentException($"{wanted} dimensions were asked for, and the vectors of '{name}' have {embedder.Length}.", nameof(options));
        return await Task.Run(() =>
        {
            var result = new GeneratedEmbeddings<Embedding<float>>(texts.Count);
            var tokens = 0L;
            foreach (var text in texts)
            {
                var ids = model.Tokenizer.Encode(text, addSpecial: true);
                result.Add(new(embedder.Embed(ids, cancellationToken)) { ModelId = name, CreatedAt = DateTimeOffset.UtcNow });
                tokens += ids.Length;
            }
            result.Usage = new() { InputTokenCount = tokens, TotalTokenCount = tokens };
            return result;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The generator itself, or its metadata.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing: the model is not the generator's.</summary>
    public void Dispose() { }
}
