namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>The text of <c>plugin.json</c> as it stands; <see cref="PluginManifestReader"/> checks what it means.</summary>
internal sealed record PluginManifestDocument
{
    public int? Schema { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Version { get; init; }
    public string? Contract { get; init; }
    public string? Assembly { get; init; }
    public string? Description { get; init; }
    public string? Kind { get; init; }
    public string? LoadMode { get; init; }
    public string[]? NativeLibraries { get; init; }
    public PluginFileDocument[]? Files { get; init; }
}

internal sealed record PluginFileDocument
{
    public string? Path { get; init; }
    public long? Size { get; init; }
    public string? Sha256 { get; init; }
}
