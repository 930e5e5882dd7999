using System.Security.Cryptography;
using System.Text;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>The hashes of a plugin's files, and the one hash of its content.</summary>
internal sealed record PluginHashes(IReadOnlyList<(string Path, string Sha256)> Files)
{
    /// <summary>Hash of paths and hashes of all files, in order: the same for the same content wherever it lies.</summary>
    public string Content { get; } = Combine(Files);

    /// <summary>Reads and hashes the files that belong to a plugin: those its manifest lists and the manifest, or all if it lists none.</summary>
    public static PluginHashes Of(PluginInspection plugin)
    {
        var manifest = plugin.Manifest!;
        return Of(plugin.Folder, manifest.Files.Count == 0 ? PluginPaths.Files(plugin.Folder) : manifest.Files.Select(f => f.Path).Append(PluginManifest.FileName).Distinct());
    }

    /// <summary>Reads and hashes files of a folder.</summary>
    public static PluginHashes Of(string folder, IEnumerable<string> files)
    {
        var hashes = new List<(string, string)>();
        foreach (var path in files.Order(StringComparer.Ordinal)) hashes.Add((path, OfFile(PluginPaths.Combine(folder, path))));
        return new(hashes);
    }

    /// <summary>Lower-case hexadecimal SHA-256 of a file.</summary>
    public static string OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Combine(IReadOnlyList<(string Path, string Sha256)> files)
    {
        var text = new StringBuilder();
        foreach (var (path, hash) in files) text.Append(path).Append('\0').Append(hash).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
