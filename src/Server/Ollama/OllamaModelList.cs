namespace Hotplug.Server.Ollama;

/// <summary>Models.</summary>
internal sealed record OllamaModelList(IReadOnlyList<OllamaModel> Models);
