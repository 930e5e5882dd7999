using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary><c>POST /v1/chat/completions</c>: answers in a conversation.</summary>
internal sealed class ChatEndpoint(ModelDirectory directory)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.ChatRequest).ConfigureAwait(false);
        var (messages, options) = (request.ToMessages(), request.ToOptions());
        var served = await directory.TextAsync(request.Model, aborted).ConfigureAwait(false);
        var answer = new ChatAnswer(served, options.Count);
        var events = request.Stream is true ? new EventStream(context.Response) : null;
        await foreach (var (index, update) in Conversation.AnswerAsync(context, served.Name, messages, options).ConfigureAwait(false))
            foreach (var document in answer.Take(index, update))
                if (events is not null) await events.WriteAsync(document, ServerJson.Default.ChatDocument, aborted).ConfigureAwait(false);
        if (events is null)
        {
            await context.Response.WriteAsJsonAsync(answer.Whole(), ServerJson.Default.ChatDocument, cancellationToken: aborted).ConfigureAwait(false);
            return;
        }
        if (request.IncludesUsage) await events.WriteAsync(answer.UsageEvent(), ServerJson.Default.ChatDocument, aborted).ConfigureAwait(false);
        await events.EndAsync(aborted).ConfigureAwait(false);
    }
}
