using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts other endpoints behind the keys of Hotplug's.</summary>
public static class HotplugGuardExtensions
{
    /// <summary>Lets in only who has one of the keys of <see cref="Hotplug.Server.Hosting.HotplugServerOptions.ApiKeys"/>, as at the endpoints of <c>MapHotplug()</c>; everybody where there are none.</summary>
    /// <param name="endpoints">The endpoints.</param>
    public static TBuilder RequireHotplugKey<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler) endpoint.RequestDelegate = context => context.RequestServices.GetRequiredService<RequestGuard>().Before(handler)(context);
        });
        return endpoints;
    }
}
