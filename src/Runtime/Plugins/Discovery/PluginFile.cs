namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>A file that belongs to a plugin, as listed in its manifest.</summary>
/// <param name="Path">Relative to the plugin's folder, with forward slashes.</param>
/// <param name="Size">Bytes, or null if the manifest does not say.</param>
/// <param name="Sha256">Hash in lower-case hexadecimal, or null if the manifest does not say.</param>
public sealed record PluginFile(string Path, long? Size, string? Sha256);
