using Hotplug.Server.Answers;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Embeddings;

/// <summary><c>POST /v1/embeddings</c>: vectors of texts.</summary>
internal sealed class EmbeddingsEndpoint(TextEmbedding embedding)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.EmbeddingRequest).ConfigureAwait(false);
        var base64 = request.IsBase64;
        var made = await embedding.EmbedAsync(request.Model, request.Dimensions, request.Texts, truncates: false, context.RequestAborted).ConfigureAwait(false);
        var list = new EmbeddingList([.. made.Vectors.Select((vector, i) => EmbeddingItem.Of(i, vector, base64))], made.Model, new(made.Tokens, made.Tokens));
        await context.Response.WriteAsJsonAsync(list, ServerJson.Default.EmbeddingList, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }
}
