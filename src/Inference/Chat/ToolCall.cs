namespace Hotplug.Inference.Chat;

/// <summary>A call of a tool by a model.</summary>
/// <param name="Id">Tells calls apart.</param>
/// <param name="Name">The tool.</param>
/// <param name="ArgumentsJson">The arguments, a JSON object.</param>
public sealed record ToolCall(string Id, string Name, string ArgumentsJson);
