using System.Text.Json;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A schema of answers. It is always kept to, whether <c>strict</c> is asked for or not.</summary>
internal sealed record ResponseSchema
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public JsonElement? Schema { get; init; }
}
