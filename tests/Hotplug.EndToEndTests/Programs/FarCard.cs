using System.Text.Json.Nodes;

namespace Hotplug.EndToEndTests.Programs;

/// <summary>The test device as if it were a product's: chosen automatically when its setting <c>kind</c> is <c>gpu</c>.</summary>
internal static class FarCard
{
    /// <summary>Makes a folder of plugins with it alone.</summary>
    public static string AddTo(Workplace workplace)
    {
        var folder = workplace.NewFolder("cards");
        var plugin = workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", "far"), Path.Combine("cards", "far"));
        var path = Path.Combine(plugin, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["kind"] = "backend";
        File.WriteAllText(path, manifest.ToJsonString());
        return folder;
    }
}
