using System.Text.Json;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A function as a tool.</summary>
internal sealed record RequestFunction
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public JsonElement? Parameters { get; init; }
}
