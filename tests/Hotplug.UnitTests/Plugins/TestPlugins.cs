using System.Reflection;
using System.Text.Json.Nodes;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.UnitTests.Plugins;

/// <summary>A folder for plugins of one test, with the test plugins' drop-in folders to copy from; gone afterwards.</summary>
internal sealed class TestPlugins : IDisposable
{
    private static readonly Dictionary<string, string> Built = typeof(TestPlugins).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(a => a.Key.StartsWith("HotplugPlugin:", StringComparison.Ordinal))
        .ToDictionary(a => a.Key["HotplugPlugin:".Length..], a => Path.GetFullPath(a.Value!, AppContext.BaseDirectory));

    public TestPlugins()
    {
        Root = Directory.CreateTempSubdirectory("hotplug-test-").FullName;
        Folder = Directory.CreateDirectory(Path.Combine(Root, "plugins")).FullName;
        Cache = Path.Combine(Root, "cache");
    }

    public string Root { get; }

    /// <summary>The folder that is searched.</summary>
    public string Folder { get; }

    /// <summary>Where copies are kept.</summary>
    public string Cache { get; }

    /// <summary>The drop-in folder of a test plugin's project, as the build made it.</summary>
    public static string Project(string name) => Built.TryGetValue(name, out var folder) ? folder : throw new ArgumentException($"The build describes no plugin '{name}'.");

    /// <summary>Puts a plugin into the folder that is searched.</summary>
    public string Add(string project, string? folder = null, Action<JsonObject>? edit = null)
    {
        var target = Path.Combine(Folder, folder ?? Path.GetFileName(Project(project)));
        Copy(Project(project), target);
        if (edit is not null) EditManifest(target, edit);
        return target;
    }

    /// <summary>Puts the scripted plugin there with a script that works before there are settings.</summary>
    public string AddScripted(string script = "", Action<JsonObject>? edit = null)
    {
        var target = Add("Scripted");
        File.WriteAllText(Path.Combine(target, "script.txt"), script);
        EditManifest(target, manifest =>
        {
            manifest["files"]!.AsArray().Add(new JsonObject { ["path"] = "script.txt" });
            edit?.Invoke(manifest);
        });
        return target;
    }

    public static void EditManifest(string folder, Action<JsonObject> edit)
    {
        var path = Path.Combine(folder, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    public BackendCatalog Catalog(string backend = "auto", string? script = null, params StaticBackend[] statics) => new(new()
    {
        InstallationDirectory = Root, PluginEnvironment = null, ShadowCopyDirectory = Cache, Backend = backend, StaticBackends = statics, Threads = 2,
        Settings = script is null ? new Dictionary<string, IReadOnlyDictionary<string, string>>()
            : new() { ["scripted"] = new Dictionary<string, string> { ["Script"] = script } },
    });

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from)) Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
