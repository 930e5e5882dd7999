using Hotplug.Extensions.AI.Hosting;
using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary><c>POST /api/chat</c> and <c>POST /api/generate</c>: a prompt is a conversation of one message, unless it is to be taken as it is.</summary>
internal sealed class OllamaTextEndpoint(ModelDirectory directory)
{
    public async Task ChatAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, OllamaJson.Default.OllamaChatRequest).ConfigureAwait(false);
        await AnswerAsync(context, request, chats: true, served => request.ToMessages() is { Count: > 0 } messages
            ? Conversation.AnswerAsync(context, served.Name, messages, [request.ToChat(served.Model.Context, request.Tools)])
            : null).ConfigureAwait(false);
    }

    public async Task GenerateAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, OllamaJson.Default.OllamaGenerateRequest).ConfigureAwait(false);
        request.Check();
        await AnswerAsync(context, request, chats: false, served =>
            string.IsNullOrEmpty(request.Prompt) ? null
            : request.Raw is true ? RawAsync(served, request, context.RequestAborted)
            : Conversation.AnswerAsync(context, served.Name, request.ToMessages(), [request.ToChat(served.Model.Context, null)])).ConfigureAwait(false);
    }

    /// <param name="context">The request.</param>
    /// <param name="request">Its body.</param>
    /// <param name="chats">Whether it is a conversation.</param>
    /// <param name="write">Begins to write; null if there is nothing to write, and the model was to be loaded only.</param>
    private async Task AnswerAsync(HttpContext context, OllamaRequest request, bool chats, Func<ServedModel, IAsyncEnumerable<(int Index, ChatResponseUpdate Update)>?> write)
    {
        var aborted = context.RequestAborted;
        var telling = new OllamaTelling(request.Model ?? "", chats);
        var served = await directory.TextAsync(OllamaName.Plain(request.Model), aborted).ConfigureAwait(false);
        telling.Loaded(served.Model.Tokenizer);
        if (write(served) is not { } updates)
        {
            await context.Response.WriteAsJsonAsync(telling.OnlyLoaded(), OllamaJson.Default.OllamaAnswer, cancellationToken: aborted).ConfigureAwait(false);
            return;
        }
        // Unlike elsewhere an answer is a stream unless that is declined.
        var lines = request.Stream is not false ? new LineStream(context.Response) : null;
        await foreach (var (_, update) in updates.ConfigureAwait(false))
            if (telling.Take(update) is { } line && lines is not null) await lines.WriteAsync(line, OllamaJson.Default.OllamaAnswer, aborted).ConfigureAwait(false);
        if (lines is null) await context.Response.WriteAsJsonAsync(telling.Whole(), OllamaJson.Default.OllamaAnswer, cancellationToken: aborted).ConfigureAwait(false);
    }

    /// <summary>A text as updates, so that it is told as an answer is.</summary>
    private static async IAsyncEnumerable<(int Index, ChatResponseUpdate Update)> RawAsync(ServedModel served, OllamaGenerateRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = request.ToGeneration(served.Model.Context) with { Grammar = request.ToGrammar() };
        var prompt = served.Model.Tokenizer.Encode(request.Prompt, addSpecial: true);
        await foreach (var (index, part) in TextWriting.WriteAsync(served, [(prompt, options)], cancellation).ConfigureAwait(false))
        {
            if (part.Outcome is not { } outcome)
            {
                yield return (index, new(ChatRole.Assistant, part.Piece.Text) { RawRepresentation = part.Piece.Choices });
                continue;
            }
            var usage = new UsageContent(new() { InputTokenCount = outcome.PromptTokens, OutputTokenCount = outcome.GeneratedTokens });
            yield return (index, new(ChatRole.Assistant, [usage]) { RawRepresentation = outcome, FinishReason = new(OpenAI.FinishReasons.Of(outcome.Finish)) });
        }
    }
}
