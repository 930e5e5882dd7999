namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>A folder that is searched for plugins.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Origin">Who named it: "environment", "configuration" or "installation".</param>
public sealed record PluginRoot(string Path, string Origin);
