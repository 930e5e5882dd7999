using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hotplug.Server.OpenApi;

/// <summary>Gives properties the names that they have in the dialects, whatever names the program's own have.</summary>
internal sealed class NamesTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Properties is not { Count: > 0 } properties || context.JsonTypeInfo.Type.Assembly != typeof(NamesTransformer).Assembly) return Task.CompletedTask;
        var names = context.JsonTypeInfo.Properties.ToDictionary(property => property.Name,
            property => property.AttributeProvider is System.Reflection.MemberInfo member && !member.IsDefined(typeof(JsonPropertyNameAttribute), false) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name) : property.Name);
        schema.Properties = properties.ToDictionary(p => names.GetValueOrDefault(p.Key, p.Key), p => p.Value);
        if (schema.Required is { Count: > 0 } required) schema.Required = required.Select(name => names.GetValueOrDefault(name, name)).ToHashSet();
        return Task.CompletedTask;
    }
}
