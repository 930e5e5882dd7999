namespace Hotplug.Server.Ollama;

/// <summary>The body of <c>POST /api/embeddings</c>, the older endpoint.</summary>
internal sealed record OllamaEmbeddingsRequest(string? Model, string? Prompt);
