using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.Http;

/// <summary>Stands before every endpoint: lets in who has a key, bounds what is read, and turns failures into errors with a status.</summary>
internal sealed class RequestGuard(ModelsLifetime lifetime, IOptions<HotplugServerOptions> options, ILogger<RequestGuard> logger)
{
    private readonly byte[][] _keys = [.. options.Value.ApiKeys.Select(Hash)];

    /// <summary>The handler with the guard before it.</summary>
    public RequestDelegate Before(RequestDelegate handler) => async context =>
    {
        try
        {
            Admit(context);
            await handler(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody hears an answer any more.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception failure)
        {
            var error = Explain(context, failure);
            // What has begun cannot become an error: the connection ends before the answer does.
            if (context.Response.HasStarted) context.Abort();
            else await context.Response.WriteAsJsonAsync(new ErrorDocument(error), ServerJson.Default.ErrorDocument, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }
    };

    /// <summary>The error that a failure is to the caller; sets the status if there still can be one, and tells the log what only it may know.</summary>
    public ApiError Explain(HttpContext context, Exception failure)
    {
        var (status, error) = ApiFailure.Explain(failure);
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (status == 500) ServerLog.RequestFailed(logger, failure, method, path);
        else ServerLog.RequestRefused(logger, method, path, status, error.Code);
        if (context.Response.HasStarted) return error;
        context.Response.Clear();
        context.Response.StatusCode = status;
        if (failure is QueueFullException) context.Response.Headers.RetryAfter = Math.Ceiling(options.Value.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (status == 401) context.Response.Headers.WWWAuthenticate = "Bearer";
        return error;
    }

    private void Admit(HttpContext context)
    {
        var request = context.Request;
        if (lifetime.State == ModelsState.Draining) throw new ApiException(503, "The server is about to stop, and takes no more.", code: "draining");
        if (_keys.Length > 0 && !HasKey(request)) throw new ApiException(401, "A valid API key is missing. Send it as 'Authorization: Bearer KEY'.", code: "invalid_api_key");
        if (!HttpMethods.IsPost(request.Method)) return;
        // A page of a stranger may send anything else from the user's browser without asking first.
        if (!request.HasJsonContentType()) throw new ApiException(415, "The request is no JSON. Send it with 'Content-Type: application/json'.", code: "unsupported_media_type");
        var most = options.Value.MaxRequestBytes;
        if (request.ContentLength > most) throw new ApiException(413, $"The request has {request.ContentLength} bytes, and this server takes {most}.", code: "request_too_large");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
    }

    private bool HasKey(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var given = Hash(header[Scheme.Length..].Trim());
        var found = false;
        // All of them, and whole: the time taken says nothing of the keys.
        foreach (var key in _keys) found |= CryptographicOperations.FixedTimeEquals(key, given);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
