using Hotplug.Extensions.AI.Chat;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary><c>POST /v1/chat/completions</c>: answers in a conversation.</summary>
internal sealed class ChatEndpoint(ModelDirectory directory, ServedModels models, RequestGuard guard)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.ChatRequest).ConfigureAwait(false);
        var (messages, options) = (request.ToMessages(), request.ToOptions());
        var served = await directory.TextAsync(request.Model, aborted).ConfigureAwait(false);
        var (answer, events) = (new ChatAnswer(served), new EventStream(context.Response));
        try
        {
            await foreach (var update in new HotplugChatClient(models, served.Name).GetStreamingResponseAsync(messages, options, aborted).ConfigureAwait(false))
                foreach (var document in answer.Take(update))
                    if (request.Stream is true) await events.WriteAsync(document, ServerJson.Default.ChatDocument, aborted).ConfigureAwait(false);
            if (request.Stream is not true)
            {
                await context.Response.WriteAsJsonAsync(answer.Whole(), ServerJson.Default.ChatDocument, cancellationToken: aborted).ConfigureAwait(false);
                return;
            }
            if (request.IncludesUsage) await events.WriteAsync(answer.UsageEvent(), ServerJson.Default.ChatDocument, aborted).ConfigureAwait(false);
            await events.EndAsync(aborted).ConfigureAwait(false);
        }
        catch (Exception failure) when (context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            await events.WriteAsync(new ErrorDocument(guard.Explain(context, failure)), ServerJson.Default.ErrorDocument, aborted).ConfigureAwait(false);
        }
    }
}
