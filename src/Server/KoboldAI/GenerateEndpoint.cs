using Hotplug.Server.Answers;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Hotplug.Server.Limits;
using Hotplug.Server.OpenAI;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.KoboldAI;

/// <summary><c>POST /api/v1/generate</c> and <c>POST /api/extra/generate/stream</c>: write on from a prompt. What is aborted by its key is answered with the text until then.</summary>
internal sealed class GenerateEndpoint(ModelDirectory directory, KoboldTexts texts, KoboldStatistics statistics)
{
    /// <summary>Answers with the whole text.</summary>
    public Task WholeAsync(HttpContext context) => HandleAsync(context, null);

    /// <summary>Answers with events.</summary>
    public Task StreamAsync(HttpContext context) => HandleAsync(context, new EventStream(context.Response, "message"));

    private async Task HandleAsync(HttpContext context, EventStream? events)
    {
        var aborted = context.RequestAborted;
        var request = await RequestBody.ReadAsync(context, KoboldJson.Default.GenerateRequest).ConfigureAwait(false);
        var count = request.N ?? 1;
        if (count < 1 || count > (events is null ? TextWriting.MaxTexts : 1)) throw ApiException.Invalid($"n is {count}; ask for 1 to {TextWriting.MaxTexts} texts, and of a stream for one.", "n");
        var served = await directory.TextAsync(request.Model, aborted).ConfigureAwait(false);
        var options = GenerateOptions.Of(request, served.Model.Tokenizer, served.Model.Context);
        var (prompt, trims) = (PromptFitting.Fit(request, served.Model), request.TrimStop is not false);
        using var text = texts.Begin(Caller.Of(context), request.Genkey, served, count, aborted);
        try
        {
            var writing = Enumerable.Range(0, count).Select(i => (prompt, TextWriting.Another(options, i)));
            await foreach (var (index, part) in TextWriting.WriteAsync(served, writing, text.Cancellation).ConfigureAwait(false))
            {
                var told = text.Take(index, part, trims);
                if (part.Outcome is { } outcome) statistics.Note(outcome, options.Sampler.Seed + (ulong)index);
                if (events is not null) await events.WriteAsync(told, KoboldJson.Default.GenerateEvent, aborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (text.IsAborted && !aborted.IsCancellationRequested)
        {
            if (events is not null) await events.WriteAsync(new GenerateEvent("", FinishReasons.Stop), KoboldJson.Default.GenerateEvent, aborted).ConfigureAwait(false);
        }
        if (events is null) await context.Response.WriteAsJsonAsync(text.Results(), KoboldJson.Default.GenerateResults, cancellationToken: aborted).ConfigureAwait(false);
    }
}
