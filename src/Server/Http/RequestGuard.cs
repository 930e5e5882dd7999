using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hotplug.Extensions.AI.Hosting;
using System.Text.Json;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Hosting;
using Hotplug.Server.Limits;
using Hotplug.Server.OpenAI;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.Http;

/// <summary>Stands before every endpoint: lets in who has a key, bounds what is read, how often and for how long, and turns failures into errors with a status.</summary>
internal sealed class RequestGuard(ModelsLifetime lifetime, CallerRates rates, IOptions<HotplugServerOptions> options, ILogger<RequestGuard> logger, TimeProvider? time = null)
{
    private readonly byte[][] _keys = [.. options.Value.ApiKeys.Select(Hash)];

    /// <summary>The handler with the guard before it.</summary>
    /// <param name="handler">What answers.</param>
    /// <param name="dialect">How it speaks; null for OpenAI's.</param>
    public RequestDelegate Before(RequestDelegate handler, Dialect? dialect = null) => async context =>
    {
        using var deadline = new RequestDeadline(context, options.Value.RequestTimeout, time ?? TimeProvider.System);
        dialect ??= OpenAIDialect.Instance;
        try
        {
            Admit(context, dialect);
            await handler(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsAbandoned)
        {
            // Nobody hears an answer any more.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception failure)
        {
            if (failure is OperationCanceledException && deadline.IsOver)
                failure = new ApiException(504, $"The answer took longer than the {options.Value.RequestTimeout} that this server gives a request. Ask for fewer tokens.", code: "request_timeout");
            await FailAsync(context, failure, dialect).ConfigureAwait(false);
        }
    };

    private async Task FailAsync(HttpContext context, Exception failure, Dialect dialect)
    {
        var (status, error) = ApiFailure.Explain(failure);
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (status == 500) ServerLog.RequestFailed(logger, failure, method, path);
        else ServerLog.RequestRefused(logger, method, path, status, error.Code);
        var response = context.Response;
        if (response.HasStarted)
        {
            // What has begun cannot become an error: it is told at the end of a stream, and else the connection ends before the answer does.
            if (context.Features.Get<AnswerStream>() is { } stream) await stream.FailAsync(dialect, error).ConfigureAwait(false);
            else context.Abort();
            return;
        }
        response.Clear();
        response.StatusCode = dialect.StatusOf(status, error);
        if ((failure is QueueFullException ? options.Value.RetryAfter : (failure as ApiException)?.RetryAfter) is { } after)
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (status == 401) response.Headers.WWWAuthenticate = "Bearer";
        response.ContentType = "application/json; charset=utf-8";
        using (var json = new Utf8JsonWriter(response.BodyWriter)) dialect.WriteError(json, error);
        await response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private void Admit(HttpContext context, Dialect dialect)
    {
        var request = context.Request;
        if (lifetime.State == ModelsState.Draining) throw new ApiException(503, "The server is about to stop, and takes no more.", code: "draining");
        if (_keys.Length > 0)
        {
            var key = KeyOf(request);
            if (key < 0) throw new ApiException(401, "A valid API key is missing. Send it as 'Authorization: Bearer KEY'.", code: "invalid_api_key");
            context.Features.Set(Caller.ByKey(key));
        }
        rates.Take(Caller.Of(context));
        if (!HttpMethods.IsPost(request.Method)) return;
        // A page of a stranger may send anything else from the user's browser without asking first; but a browser says where the page is from.
        if (!request.HasJsonContentType() && (dialect.InsistsOnJson || request.Headers.Origin.Count > 0))
            throw new ApiException(415, "The request is no JSON. Send it with 'Content-Type: application/json'.", code: "unsupported_media_type");
        var most = options.Value.MaxRequestBytes;
        if (request.ContentLength > most) throw new ApiException(413, $"The request has {request.ContentLength} bytes, and this server takes {most}.", code: "request_too_large");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
    }

    /// <returns>The number of the key that a request brings, or -1.</returns>
    private int KeyOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return -1;
        var given = Hash(header[Scheme.Length..].Trim());
        var found = -1;
        // All of them, and whole: the time taken says nothing of the keys.
        for (var i = 0; i < _keys.Length; i++)
            if (CryptographicOperations.FixedTimeEquals(_keys[i], given)) found = i;
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
