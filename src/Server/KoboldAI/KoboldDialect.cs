using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.KoboldAI;

/// <summary>KoboldAI's: <c>{"detail":{"msg":…,"type":…}}</c>, and 503 for a server that is busy.</summary>
internal sealed class KoboldDialect : Dialect
{
    public static KoboldDialect Instance { get; } = new();

    public override int StatusOf(int status, ApiError error) => error.Code == "queue_full" ? 503 : status;

    public override void WriteError(Utf8JsonWriter json, ApiError error)
        => JsonSerializer.Serialize(json, new KoboldError(new(error.Message, error.Code == "queue_full" ? "service_unavailable" : error.Code ?? error.Type, error.Param)), KoboldJson.Default.KoboldError);
}
