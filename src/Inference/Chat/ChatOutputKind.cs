namespace Hotplug.Inference.Chat;

/// <summary>What a part of an answer is.</summary>
public enum ChatOutputKind
{
    /// <summary>The answer.</summary>
    Content,
    /// <summary>What the model thinks before it.</summary>
    Reasoning,
    /// <summary>A call of a tool, whole.</summary>
    ToolCall,
}
