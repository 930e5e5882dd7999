using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hotplug.Server.OpenApi;

/// <summary>Writes what endpoints take and give into the document.</summary>
internal sealed class BodiesTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointBodies>().FirstOrDefault() is not { } bodies) return;
        if (bodies.Request is { } request) operation.RequestBody = new OpenApiRequestBody { Required = true, Content = await ContentAsync(request, "application/json").ConfigureAwait(false) };
        operation.Responses = new() { ["200"] = new OpenApiResponse { Description = "The answer", Content = await ContentAsync(bodies.Response, bodies.ResponseType).ConfigureAwait(false) } };

        async Task<Dictionary<string, OpenApiMediaType>> ContentAsync(Type type, string media)
            => new() { [media] = new() { Schema = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken).ConfigureAwait(false) } };
    }
}
