using Microsoft.Extensions.AI;

namespace Hotplug.Server.Answers;

/// <summary>Says to chat templates whether and how much a model is to think before it answers.</summary>
internal static class Thinking
{
    /// <summary>The properties of chat options that say so; null leaves it to the template.</summary>
    public static AdditionalPropertiesDictionary? Properties(bool? enabled, string? effort)
    {
        var properties = new AdditionalPropertiesDictionary();
        if (enabled is { } thinks) properties["enable_thinking"] = thinks;
        if (!string.IsNullOrEmpty(effort)) properties["reasoning_effort"] = effort;
        return properties.Count > 0 ? properties : null;
    }
}
