namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>The one content of a plugin that may run: the hash of its <c>plugin.json</c>, which lists the hash of every file.</summary>
/// <param name="Id">Id of the plugin.</param>
/// <param name="Version">Its version, for people.</param>
/// <param name="ManifestSha256">SHA-256 of its <c>plugin.json</c>, in lower-case hexadecimal digits.</param>
public sealed record PluginPin(string Id, string Version, string ManifestSha256);
