using Hotplug.Server.Http;
using Hotplug.Server.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hotplug.Server.KoboldAI;

/// <summary>Asks for texts that are being written, by their keys: <c>/api/extra/generate/check</c>, <c>/api/extra/abort</c> and <c>/api/extra/last_logprobs</c>.</summary>
internal sealed class RunningEndpoint(KoboldTexts texts)
{
    public async Task CheckAsync(HttpContext context)
    {
        var text = texts.Last(Caller.Of(context), await KeyAsync(context).ConfigureAwait(false));
        await context.Response.WriteAsJsonAsync(new GenerateResults([new(text?.SoFar() ?? "")]), KoboldJson.Default.GenerateResults, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task AbortAsync(HttpContext context)
    {
        var done = texts.Abort(Caller.Of(context), await KeyAsync(context).ConfigureAwait(false));
        await context.Response.WriteAsJsonAsync(new Success(done), KoboldJson.Default.Success, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task LogprobsAsync(HttpContext context)
    {
        var text = texts.Last(Caller.Of(context), await KeyAsync(context).ConfigureAwait(false));
        await context.Response.WriteAsJsonAsync(new LastLogprobs(text?.Logprobs()), KoboldJson.Default.LastLogprobs, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<string?> KeyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || context.Request.ContentLength == 0) return null;
        return (await RequestBody.ReadAsync(context, KoboldJson.Default.KeyRequest).ConfigureAwait(false)).Genkey;
    }
}
