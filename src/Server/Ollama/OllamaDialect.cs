using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.Ollama;

/// <summary>Ollama's: <c>{"error":"…"}</c>, and 503 for a server that is busy.</summary>
internal sealed class OllamaDialect : Dialect
{
    public static OllamaDialect Instance { get; } = new();

    public override int StatusOf(int status, ApiError error) => error.Code == "queue_full" ? 503 : status;

    public override void WriteError(Utf8JsonWriter json, ApiError error) => JsonSerializer.Serialize(json, new OllamaError(error.Message), OllamaJson.Default.OllamaError);
}
