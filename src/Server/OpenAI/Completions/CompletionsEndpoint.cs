using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary><c>POST /v1/completions</c>: writes on from prompts.</summary>
internal sealed class CompletionsEndpoint(ModelDirectory directory)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.CompletionRequest).ConfigureAwait(false);
        var (options, count) = (request.ToOptions(), request.Answers);
        var served = await directory.TextAsync(request.Model, aborted).ConfigureAwait(false);
        var tokenizer = served.Model.Tokenizer;
        var texts = request.Prompts(tokenizer).SelectMany(prompt => Enumerable.Repeat(prompt, count)).ToList();
        var answer = new CompletionAnswer(served, count, [.. texts.Select(prompt => request.Echo is true ? prompt.Text(tokenizer) : "")]);
        var parts = TextWriting.WriteAsync(served, texts.Select((prompt, i) => (prompt.Tokens, TextWriting.Another(options, i % count))), aborted);
        if (request.Stream is not true)
        {
            await foreach (var (index, part) in parts.ConfigureAwait(false)) answer.Take(index, part);
            await context.Response.WriteAsJsonAsync(answer.Whole(), ServerJson.Default.CompletionDocument, cancellationToken: aborted).ConfigureAwait(false);
            return;
        }
        var events = new EventStream(context.Response);
        await foreach (var (index, part) in parts.ConfigureAwait(false)) await events.WriteAsync(answer.Take(index, part), ServerJson.Default.CompletionDocument, aborted).ConfigureAwait(false);
        if (request.IncludesUsage) await events.WriteAsync(answer.UsageEvent(), ServerJson.Default.CompletionDocument, aborted).ConfigureAwait(false);
        await events.EndAsync(aborted).ConfigureAwait(false);
    }
}
