using Hotplug.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hotplug.Server.OpenApi;

/// <summary>Maps endpoints of a dialect behind the guard, and says of each what it takes and gives.</summary>
/// <param name="group">Where they are mapped.</param>
/// <param name="guard">Stands before them.</param>
/// <param name="dialect">How they speak.</param>
/// <param name="tag">What they are listed under.</param>
internal sealed class GuardedRoutes(RouteGroupBuilder group, RequestGuard guard, Dialect dialect, string tag)
{
    public void Get<TOut>(string pattern, RequestDelegate handler, string summary)
        => Describe(group.MapGet(pattern, guard.Before(handler, dialect)), handler, summary, new(null, typeof(TOut), "application/json"));

    public void Post<TIn, TOut>(string pattern, RequestDelegate handler, string summary, string type = "application/json")
        => Describe(group.MapPost(pattern, guard.Before(handler, dialect)), handler, summary, new(typeof(TIn), typeof(TOut), type));

    private void Describe(IEndpointConventionBuilder endpoint, RequestDelegate handler, string summary, EndpointBodies bodies)
        => endpoint.WithTags(tag).WithSummary(summary).WithMetadata(handler.Method, bodies);
}
