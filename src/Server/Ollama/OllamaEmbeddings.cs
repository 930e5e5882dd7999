namespace Hotplug.Server.Ollama;

/// <summary>Vectors of texts. Durations in nanoseconds.</summary>
internal sealed record OllamaEmbeddings(string Model, IReadOnlyList<float[]> Embeddings, long TotalDuration, long LoadDuration, int PromptEvalCount);
