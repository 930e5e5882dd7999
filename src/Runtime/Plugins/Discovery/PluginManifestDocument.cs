namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>The text of <c>plugin.json</c> as it stands; <see cref="PluginManifestReader"/> checks what it means.</summary>
internal sealed class PluginManifestDocument
{
    public int? Schema { get; set; }
    public string? Id { get; set; }
    public string? Name { get; set; }
    public string? Version { get; set; }
    public string? Contract { get; set; }
    public string? Assembly { get; set; }
    public string? Description { get; set; }
    public string? Kind { get; set; }
    public string? LoadMode { get; set; }
    public string?[]? NativeLibraries { get; set; }
    public PluginFileDocument?[]? Files { get; set; }
}

internal sealed class PluginFileDocument
{
    public string? Path { get; set; }
    public long? Size { get; set; }
    public string? Sha256 { get; set; }
}
