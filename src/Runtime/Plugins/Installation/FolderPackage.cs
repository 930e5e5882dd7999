using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>A plugin's folder as a package.</summary>
internal sealed class FolderPackage : IPluginPackage
{
    private readonly string _folder;

    /// <exception cref="PluginInstallException">A name in it is not usable, or there are too many.</exception>
    public FolderPackage(string folder, InstallLimits limits)
    {
        _folder = folder;
        // First, so that nobody waits for the whole disk to be searched.
        if (!File.Exists(Path.Combine(folder, PluginManifest.FileName))) throw new PluginInstallException(folder, $"the folder has no {PluginManifest.FileName}.", "Give the folder of a plugin.");
        var files = PluginPaths.Files(folder);
        if (files.Count > limits.Entries) throw new PluginInstallException(folder, $"the folder has {files.Count} files, and a plugin at most {limits.Entries}.", "Give the folder of the plugin alone.");
        var names = new PackageNames();
        foreach (var file in files)
            if (names.Add(file) is { } fault) throw new PluginInstallException(folder, $"'{file}': {fault}.", "Build the plugin without it.");
        Files = files;
    }

    public IReadOnlyCollection<string> Files { get; }

    public Stream Open(string file)
    {
        // A link may stand for any file of the machine.
        var path = _folder;
        foreach (var part in file.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path) is { LinkTarget: not null }) throw new PluginInstallException(path, "it is a link.", "Put the file itself there.");
        }
        // Pipes and devices have no length, and to open one could wait for ever.
        return new FileInfo(path) is { Exists: true, Length: 0 } ? new MemoryStream() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    public void Dispose()
    {
    }
}
