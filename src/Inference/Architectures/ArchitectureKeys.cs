using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Architectures;

/// <summary>The metadata of one architecture, whose keys begin with its name. Numbers are checked against ranges that no published model leaves.</summary>
internal sealed class ArchitectureKeys(GgufMetadata metadata, string architecture)
{
    public GgufMetadata Metadata { get; } = metadata;

    /// <summary>The whole name of a key.</summary>
    public string Of(string key) => $"{architecture}.{key}";

    public bool Contains(string key) => Metadata.Contains(Of(key));

    public int Count(string key, int? fallback, int min, int max) => Metadata.GetInt32(Of(key), fallback, min, max);

    public int[] PerBlock(string key, int blocks, int? fallback, int min, int max) => Metadata.GetPerLayer(Of(key), blocks, fallback, min, max);

    public float Number(string key, float? fallback, float min = -1e9f, float max = 1e9f) => Metadata.GetFloat(Of(key), fallback, min, max);

    public bool Flag(string key, bool? fallback) => Metadata.GetBool(Of(key), fallback);

    public string Text(string key, string? fallback) => Metadata.GetString(Of(key), fallback);

    /// <summary>The error for a value that makes no sense, or that is not supported.</summary>
    public GgufException Invalid(string key, string problem, string cure) => Metadata.Invalid(Of(key), problem, cure);
}
