using System.Diagnostics;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Ollama;

/// <summary><c>POST /api/embed</c> and the older <c>POST /api/embeddings</c>: vectors of texts.</summary>
internal sealed class OllamaEmbedEndpoint(TextEmbedding embedding)
{
    public async Task HandleAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var request = await RequestBody.ReadAsync(context, OllamaJson.Default.OllamaEmbedRequest).ConfigureAwait(false);
        var texts = request.Texts();
        var made = await EmbedAsync(request.Model, request.Dimensions, texts, request.Truncate is not false, context.RequestAborted).ConfigureAwait(false);
        var answer = new OllamaEmbeddings(request.Model ?? made.Model, made.Vectors, Stopwatch.GetElapsedTime(start).Ticks * TimeSpan.NanosecondsPerTick, 0, made.Tokens);
        await context.Response.WriteAsJsonAsync(answer, OllamaJson.Default.OllamaEmbeddings, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task HandleOneAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, OllamaJson.Default.OllamaEmbeddingsRequest).ConfigureAwait(false);
        var made = await EmbedAsync(request.Model, null, [request.Prompt ?? ""], true, context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(new OllamaEmbedding(made.Vectors[0]), OllamaJson.Default.OllamaEmbedding, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    private Task<EmbeddedTexts> EmbedAsync(string? model, int? dimensions, IReadOnlyList<string> texts, bool truncates, CancellationToken cancellation)
        => embedding.EmbedAsync(OllamaName.Plain(model), dimensions, tokenizer => [.. texts.Select(text => tokenizer.Encode(text, addSpecial: true))], truncates, cancellation);
}
