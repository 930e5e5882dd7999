using Hotplug.Inference.Generation;

namespace Hotplug.Server.OpenAI;

/// <summary>OpenAI's words for how an answer ended.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop", Length = "length", ToolCalls = "tool_calls";

    public static string Of(FinishReason reason) => reason is FinishReason.Length or FinishReason.ContextFull ? Length : Stop;
}
