using System.Text.Json;

namespace Hotplug.Server.KoboldAI;

/// <summary>The body of <c>POST /api/extra/detokenize</c>.</summary>
internal sealed record DetokenizeRequest(JsonElement Ids);
