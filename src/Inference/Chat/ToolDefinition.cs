namespace Hotplug.Inference.Chat;

/// <summary>A tool that a model may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="ParametersJson">Its parameters as a JSON schema.</param>
public sealed record ToolDefinition(string Name, string? Description, string ParametersJson);
