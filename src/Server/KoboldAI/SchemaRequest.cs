using System.Text.Json;

namespace Hotplug.Server.KoboldAI;

/// <summary>The body of <c>POST /api/extra/json_to_grammar</c>.</summary>
internal sealed record SchemaRequest(JsonElement Schema);
