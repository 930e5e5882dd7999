namespace Hotplug.Server.Ollama;

/// <summary>The body of an answer that is an error.</summary>
internal sealed record OllamaError(string Error);
