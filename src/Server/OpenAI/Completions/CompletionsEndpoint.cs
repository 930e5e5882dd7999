using System.Text;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary><c>POST /v1/completions</c>: writes on from a prompt.</summary>
internal sealed class CompletionsEndpoint(ModelDirectory directory, RequestGuard guard)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ServerJson.Default.CompletionRequest).ConfigureAwait(false);
        var options = request.ToOptions();
        var served = await directory.TextAsync(request.Model, context.RequestAborted).ConfigureAwait(false);
        var generation = served.Scheduler.Write(request.Tokens(served.Model.Tokenizer), options, context.RequestAborted);
        var answer = new CompletionDocument($"cmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), served.Name, []);
        if (request.Stream is true) await StreamAsync(context, request, served, generation, answer).ConfigureAwait(false);
        else await WholeAsync(context, served, generation, answer).ConfigureAwait(false);
    }

    private static async Task WholeAsync(HttpContext context, ServedModel served, ScheduledGeneration generation, CompletionDocument answer)
    {
        var text = new StringBuilder();
        await foreach (var piece in generation.ReadAsync(context.RequestAborted).ConfigureAwait(false)) text.Append(piece);
        var outcome = await generation.Completion.ConfigureAwait(false);
        answer = answer with { Choices = [Last(text.ToString(), outcome, served)], Usage = Usage.Of(outcome) };
        await context.Response.WriteAsJsonAsync(answer, ServerJson.Default.CompletionDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, CompletionRequest request, ServedModel served, ScheduledGeneration generation, CompletionDocument answer)
    {
        var (events, aborted) = (new EventStream(context.Response), context.RequestAborted);
        try
        {
            await foreach (var piece in generation.ReadAsync(aborted).ConfigureAwait(false)) await WriteAsync(new(piece, null, null)).ConfigureAwait(false);
            var outcome = await generation.Completion.ConfigureAwait(false);
            // What the tokens were chosen from is known together, at the end.
            await WriteAsync(Last("", outcome, served)).ConfigureAwait(false);
            if (request.IncludesUsage) await events.WriteAsync(answer with { Usage = Usage.Of(outcome) }, ServerJson.Default.CompletionDocument, aborted).ConfigureAwait(false);
            await events.EndAsync(aborted).ConfigureAwait(false);
        }
        catch (Exception failure) when (context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            await events.WriteAsync(new ErrorDocument(guard.Explain(context, failure)), ServerJson.Default.ErrorDocument, aborted).ConfigureAwait(false);
        }

        Task WriteAsync(CompletionChoice choice) => events.WriteAsync(answer with { Choices = [choice] }, ServerJson.Default.CompletionDocument, aborted);
    }

    private static CompletionChoice Last(string text, GenerationOutcome outcome, ServedModel served)
        => new(text, outcome.Choices.Count == 0 ? null : CompletionLogprobs.Of(outcome.Choices, served.Model.Tokenizer), FinishReasons.Of(outcome.Finish));
}
