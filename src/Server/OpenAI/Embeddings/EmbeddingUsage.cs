namespace Hotplug.Server.OpenAI.Embeddings;

/// <summary>What embeddings took.</summary>
internal sealed record EmbeddingUsage(int PromptTokens, int TotalTokens);
