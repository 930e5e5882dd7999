namespace Hotplug.Server.Ollama;

/// <summary>The body of <c>POST /api/show</c>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Name">The same, as older clients say it.</param>
internal sealed record OllamaShowRequest(string? Model, string? Name);
