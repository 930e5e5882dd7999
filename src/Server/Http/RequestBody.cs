using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Http;

/// <summary>Reads the bodies of requests.</summary>
internal static class RequestBody
{
    /// <summary>Reads a JSON document.</summary>
    /// <exception cref="ApiException">It is none, or not of this kind.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or breaks off.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false) ?? throw ApiException.Invalid("The request is null; send an object.", code: "malformed_json");
        }
        catch (JsonException malformed)
        {
            throw ApiException.Invalid($"The request is no JSON that is understood here: {malformed.Message}", malformed.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null, "malformed_json");
        }
    }
}
