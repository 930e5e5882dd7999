using System.Text.Json;
using Hotplug.Runtime.Plugins.Installation;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of <c>plugins install</c>, <c>remove</c> and <c>pin</c>: what was changed.</summary>
internal sealed record PluginsChangeDocument
{
    public string Schema => "hotplug.plugins.change/1";
    public required string Folder { get; init; }
    public InstalledPlugin? Installed { get; init; }
    public RemovedPlugin? Removed { get; init; }
    public IReadOnlyList<PluginPin>? Pinned { get; init; }

    /// <summary>A plugin that was there.</summary>
    internal sealed record RemovedPlugin(string Id, string Version);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.PluginsChangeDocument);
}
