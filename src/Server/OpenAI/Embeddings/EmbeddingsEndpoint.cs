using Hotplug.Inference.Embeddings;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Embeddings;

/// <summary><c>POST /v1/embeddings</c>: vectors of texts.</summary>
internal sealed class EmbeddingsEndpoint(ModelDirectory directory, EmbeddingQueue queue)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.EmbeddingRequest).ConfigureAwait(false);
        var base64 = request.IsBase64;
        var (name, model) = await directory.EmbeddingAsync(request.Model, aborted).ConfigureAwait(false);
        var texts = request.Texts(model.Tokenizer);
        var embedder = new TextEmbedder(model);
        if (request.Dimensions is { } wanted && wanted != embedder.Length)
            throw ApiException.Invalid($"{wanted} dimensions were asked for, and the vectors of '{name}' have {embedder.Length}.", "dimensions");
        var items = await queue.RunAsync(() => texts.Select((tokens, i) => EmbeddingItem.Of(i, embedder.Embed(tokens, aborted), base64)).ToList(), aborted).ConfigureAwait(false);
        var count = texts.Sum(t => t.Length);
        await context.Response.WriteAsJsonAsync(new EmbeddingList(items, name, new(count, count)), ServerJson.Default.EmbeddingList, cancellationToken: aborted).ConfigureAwait(false);
    }
}
