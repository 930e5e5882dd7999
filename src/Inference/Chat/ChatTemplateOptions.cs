using System.Text.Json.Nodes;

namespace Hotplug.Inference.Chat;

/// <summary>How a conversation is rendered.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>Tools that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Ends the text where the model's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Whether a model that can think does so: the variable <c>enable_thinking</c>. Null leaves it to the template.</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>Further variables for the template.</summary>
    public JsonObject? Variables { get; init; }
}
