using System.Text.Json;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a file's metadata.</summary>
internal sealed record InspectDocument
{
    public string Schema => "hotplug.inspect/1";
    public required IReadOnlyList<string> Files { get; init; }
    public required uint Version { get; init; }
    public required long WeightBytes { get; init; }
    public required IReadOnlyList<FileEntry> Metadata { get; init; }
    public required IReadOnlyList<FileTensor> Tensors { get; init; }

    internal sealed record FileEntry(string Key, string Type, string Value);
    internal sealed record FileTensor(string Name, string Type, long[] Shape, long Bytes, int File, long Offset);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.InspectDocument);
}
