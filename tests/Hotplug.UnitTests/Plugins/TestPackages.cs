using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Hotplug.UnitTests.Plugins;

/// <summary>Makes archives of plugins, good and hostile ones.</summary>
internal static class TestPackages
{
    /// <summary>The files of a plugin's folder, in order of their names.</summary>
    public static List<(string Name, byte[] Content)> FilesOf(string folder)
        => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => (Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes(f))).OrderBy(f => f.Item1, StringComparer.Ordinal)];

    /// <summary>The same with other files besides, listed with their hashes.</summary>
    public static List<(string Name, byte[] Content)> With(string folder, Action<JsonObject>? edit, params (string Name, byte[] Content)[] more)
    {
        var files = FilesOf(folder);
        var at = files.FindIndex(f => f.Name == "plugin.json");
        var manifest = JsonNode.Parse(files[at].Content)!.AsObject();
        foreach (var (name, content) in more) manifest["files"]!.AsArray().Add(new JsonObject { ["path"] = name, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) });
        edit?.Invoke(manifest);
        files[at] = ("plugin.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        return [.. files, .. more];
    }

    /// <summary>Packs files into an archive.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="files">Names, which may be anything, and contents.</param>
    /// <param name="change">Changes an entry; may be null.</param>
    public static string Zip(string path, IEnumerable<(string Name, byte[] Content)> files, Action<ZipArchiveEntry>? change = null)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in files)
        {
            var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
            change?.Invoke(entry);
            using var stream = entry.Open();
            stream.Write(content);
        }
        return path;
    }
}
