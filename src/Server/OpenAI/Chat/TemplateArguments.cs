namespace Hotplug.Server.OpenAI.Chat;

/// <summary>What chat templates are told.</summary>
/// <param name="EnableThinking">Whether a model that can think does.</param>
internal sealed record TemplateArguments(bool? EnableThinking);
