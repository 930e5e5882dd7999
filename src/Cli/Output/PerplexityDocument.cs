using System.Text.Json;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a perplexity.</summary>
internal sealed record PerplexityDocument
{
    public string Schema => "hotplug.perplexity/1";
    public required string Model { get; init; }
    public required string Backend { get; init; }
    public required string KvType { get; init; }
    public required int Context { get; init; }
    public required int Chunks { get; init; }
    public required int TokensScored { get; init; }
    public required double Perplexity { get; init; }
    public required double Uncertainty { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.PerplexityDocument);
}
