namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A tool that the model may call.</summary>
internal sealed record RequestTool
{
    public string? Type { get; init; }
    public RequestFunction? Function { get; init; }
}
