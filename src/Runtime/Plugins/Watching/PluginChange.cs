namespace Hotplug.Runtime.Plugins.Watching;

/// <summary>A plugin's folder has another content than the generation at work was loaded from.</summary>
/// <param name="Id">Id of the backend.</param>
/// <param name="Version">Version of the plugin that lies there now.</param>
/// <param name="Folder">The folder.</param>
/// <param name="ContentHash">Hash of its files.</param>
public sealed record PluginChange(string Id, string Version, string Folder, string ContentHash);
