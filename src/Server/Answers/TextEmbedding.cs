using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;

namespace Hotplug.Server.Answers;

/// <summary>Makes vectors of texts, for every dialect.</summary>
internal sealed class TextEmbedding(ModelDirectory directory, EmbeddingQueue queue)
{
    /// <summary>Most texts of a request; OpenAI's.</summary>
    public const int MaxTexts = 2048;

    /// <summary>Makes the vectors.</summary>
    /// <param name="model">The model as the request names it; null for the only one.</param>
    /// <param name="dimensions">Elements that a vector is to have; null for as many as it has.</param>
    /// <param name="read">Gives the tokens of each text.</param>
    /// <param name="truncates">Whether the end of a text that is too long is left out; otherwise it is refused.</param>
    /// <param name="cancellation">Gives them up.</param>
    public async Task<EmbeddedTexts> EmbedAsync(string? model, int? dimensions, Func<Tokenizer, IReadOnlyList<int[]>> read, bool truncates, CancellationToken cancellation)
    {
        var (name, loaded) = await directory.EmbeddingAsync(model, cancellation).ConfigureAwait(false);
        var embedder = new TextEmbedder(loaded);
        if (dimensions is { } wanted && wanted != embedder.Length)
            throw ApiException.Invalid($"{wanted} dimensions were asked for, and the vectors of '{name}' have {embedder.Length}.", "dimensions");
        var texts = read(loaded.Tokenizer);
        if (texts.Count > MaxTexts) throw ApiException.Invalid($"input has {texts.Count} texts; at most {MaxTexts} are taken in a request.", "input");
        if (texts.Any(t => t.Length == 0)) throw ApiException.Invalid("A text of input is empty.", "input");
        if (!truncates && texts.FirstOrDefault(t => t.Length > embedder.LongestText) is { } tooLong)
            throw ApiException.Invalid($"A text of input has {tooLong.Length} tokens, and the model was loaded for {embedder.LongestText}. Shorten it.", "input");
        texts = [.. texts.Select(t => t[..Math.Min(t.Length, embedder.LongestText)])];
        var vectors = await queue.RunAsync(() => texts.Select(tokens => embedder.Embed(tokens, cancellation)).ToList(), cancellation).ConfigureAwait(false);
        return new(name, vectors, texts.Sum(t => t.Length));
    }
}
