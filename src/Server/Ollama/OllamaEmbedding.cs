namespace Hotplug.Server.Ollama;

/// <summary>The vector of a text.</summary>
internal sealed record OllamaEmbedding(float[] Embedding);
