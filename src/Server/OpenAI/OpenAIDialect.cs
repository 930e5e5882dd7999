using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI;

/// <summary>OpenAI's: <c>{"error":{"message":…}}</c>.</summary>
internal sealed class OpenAIDialect : Dialect
{
    public static OpenAIDialect Instance { get; } = new();

    public override bool InsistsOnJson => true;

    public override void WriteError(Utf8JsonWriter json, ApiError error) => JsonSerializer.Serialize(json, new ErrorDocument(error), ServerJson.Default.ErrorDocument);
}
