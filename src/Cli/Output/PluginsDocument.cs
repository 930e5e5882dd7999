using System.Text.Json;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of <c>plugins list</c> and <c>plugins verify</c>.</summary>
internal sealed record PluginsDocument
{
    public string Schema => "hotplug.plugins/1";
    public required string Pinning { get; init; }
    public required IReadOnlyList<PluginRoot> Roots { get; init; }
    public required IReadOnlyList<ListedPlugin> Plugins { get; init; }
    public required IReadOnlyList<RejectedPlugin> Rejected { get; init; }
    public required IReadOnlyList<PluginNotice> Notices { get; init; }

    /// <summary>A plugin that can be loaded.</summary>
    internal sealed record ListedPlugin(string Id, string Name, string Version, string Contract, string Kind, string LoadMode, string Path, bool Pinned, string ManifestSha256)
    {
        public static ListedPlugin Of(PluginInspection plugin)
        {
            var manifest = plugin.Manifest!;
            return new(manifest.Id, manifest.Name, manifest.Version, manifest.Contract.ToString(), Word(manifest.Kind), Word(manifest.LoadMode), plugin.Folder, plugin.Pin is not null, manifest.Sha256);
        }

        private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.PluginsDocument);
}
