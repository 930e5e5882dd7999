using System.Text.Json.Nodes;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;
using Hotplug.Tests.Noop;

namespace Hotplug.BoundaryBench;

/// <summary>The plugin that does nothing, opened in one of the contexts.</summary>
internal sealed class NoopBackend : IDisposable
{
    private readonly BackendCatalog _catalog;
    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-boundary-").FullName;

    public NoopBackend(LoadContext context)
    {
        var built = Path.Combine(AppContext.BaseDirectory, "plugins", "noop");
        var plugin = Directory.CreateDirectory(Path.Combine(_folder, "plugins", "noop")).FullName;
        foreach (var file in Directory.EnumerateFiles(built)) File.Copy(file, Path.Combine(plugin, Path.GetFileName(file)));
        var path = Path.Combine(plugin, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["loadMode"] = context == LoadContext.Pinned ? "pinned" : "unloadable";
        File.WriteAllText(path, manifest.ToJsonString());
        _catalog = new BackendCatalog(new BackendCatalogOptions
        {
            InstallationDirectory = context == LoadContext.Default ? Path.GetTempPath() : _folder,
            PluginEnvironment = null,
            ShadowCopyDirectory = Path.Combine(_folder, "copies"),
            StaticBackends = context == LoadContext.Default ? [StaticBackend.Of<NoopPlugin>()] : [],
        });
        Slot = _catalog.GetAsync("noop").AsTask().GetAwaiter().GetResult();
    }

    public BackendSlot Slot { get; }

    public void Dispose()
    {
        _catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }
}
