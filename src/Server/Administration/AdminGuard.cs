using System.Net;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.Administration;

/// <summary>
/// Stands before the endpoints of administration, behind the guard of all: without keys only this machine may ask, by a name of this machine, so that neither the network nor a page which points a name
/// here reaches them. What is refused is told as problem details.
/// </summary>
internal sealed class AdminGuard(RequestGuard guard, IOptions<HotplugServerOptions> options)
{
    private readonly bool _hasKeys = options.Value.ApiKeys.Count > 0;

    /// <summary>The handler with the guards before it.</summary>
    public RequestDelegate Before(RequestDelegate handler) => guard.Before(async context =>
    {
        try
        {
            if (!_hasKeys && !IsLocal(context))
                throw new ApiException(403, "Without an API key only this machine may administer the server. Start it with a key (--api-key, or HotplugServerOptions.ApiKeys), and send it.", code: "not_local");
            await handler(context).ConfigureAwait(false);
        }
        catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && AdminProblem.Of(failure) is { } problem)
        {
            await WriteAsync(context, problem).ConfigureAwait(false);
        }
    });

    private static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsJsonAsync(problem, AdminJson.Default.ProblemDetails, "application/problem+json", CancellationToken.None);
    }

    private static bool IsLocal(HttpContext context)
    {
        // No address: it did not come over a network.
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)) return false;
        var host = context.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var named) && IPAddress.IsLoopback(named));
    }
}
