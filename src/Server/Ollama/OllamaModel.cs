namespace Hotplug.Server.Ollama;

/// <summary>A model in a list.</summary>
/// <param name="Name">Its name, with a tag.</param>
/// <param name="Model">The same.</param>
/// <param name="ModifiedAt">When its file was written.</param>
/// <param name="Size">Bytes of its files; of one that runs, of all that it takes.</param>
/// <param name="Digest">What tells it from others; not a hash of the whole file.</param>
/// <param name="Details">What it is.</param>
internal sealed record OllamaModel(string Name, string Model, DateTimeOffset? ModifiedAt, long Size, string Digest, OllamaModelDetails Details)
{
    public DateTimeOffset? ExpiresAt { get; init; }
    public long? SizeVram { get; init; }
    public int? ContextLength { get; init; }
}
