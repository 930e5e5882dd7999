using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>
/// Installs plugins into a folder and removes them from it, each whole or not at all: a plugin is put together beside its place, inspected there, and moved. No code of it
/// runs. Several processes take turns. Programs that run a plugin go on with their own copy.
/// </summary>
public sealed class PluginInstaller
{
    private const string Staging = ".installing-", Removed = ".removed-";

    private readonly string _root;
    private readonly InstallLimits _limits;

    /// <summary>Works on a folder of plugins.</summary>
    /// <param name="root">The folder; made when the first plugin is installed.</param>
    /// <param name="limits">Bounds on packages; null for the default.</param>
    public PluginInstaller(string root, InstallLimits? limits = null) => (_root, _limits) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)), limits ?? new());

    /// <summary>Installs a plugin. If the folder has a lock file, it is pinned there.</summary>
    /// <param name="source">A plugin's folder, or a .zip of one.</param>
    /// <param name="replace">Whether one of the same id gives way.</param>
    /// <param name="pin">Whether to pin it in any case; a lock file that is made by this holds the other plugins of the folder to pins as well.</param>
    /// <param name="cancellation">Stops it; nothing has changed then.</param>
    /// <exception cref="PluginInstallException">The package is not right, or there is a plugin of its id.</exception>
    /// <exception cref="FileNotFoundException">There is no such package.</exception>
    /// <exception cref="PluginRejectedException">The plugin could not run here.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public InstalledPlugin Install(string source, bool replace = false, bool pin = false, CancellationToken cancellation = default)
    {
        source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        if (!Directory.Exists(source) && !File.Exists(source)) throw new FileNotFoundException($"There is no package {source}.", source);
        using IPluginPackage package = Directory.Exists(source) ? new FolderPackage(source, _limits) : ArchivePackage.Open(source, _limits);
        PackageStaging.CreateFolder(_root);
        using var gate = Enter();
        var locked = ReadLock();
        var staging = Path.Combine(_root, Staging + Path.GetRandomFileName());
        try
        {
            var staged = PackageStaging.Fill(staging, source, package, _limits, cancellation);
            var manifest = staged.Manifest;
            var target = Path.Combine(_root, manifest.Id);
            var before = Present(target, manifest.Id);
            if (before is not null && !replace)
                throw new PluginInstallException(target, $"version {before.Version} of the plugin '{manifest.Id}' is installed.", "Say --replace to put this one in its place.");
            cancellation.ThrowIfCancellationRequested();
            PackageStaging.Finish(staging);
            if (before is null) Directory.Move(staging, target);
            else FolderExchange.Swap(staging, target);
            // Until this is written the new one does not match its pin, and does not run.
            pin |= locked is not null;
            if (pin) PluginLock.With(_root, locked, [new(manifest.Id, manifest.Version, manifest.Sha256)]).Write();
            return new(manifest.Id, manifest.Version, target, manifest.Sha256, pin, before?.Version, staged.Files, staged.Bytes, staged.LeftOut);
        }
        finally
        {
            PackageStaging.Delete(staging);
        }
    }

    /// <summary>Removes a plugin and its pin.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="force">Whether files go too that do not belong to it.</param>
    /// <returns>The version that was removed.</returns>
    /// <exception cref="PluginInstallException">There is none of this id, or the folder of that name is no plugin.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public string Remove(string id, bool force = false)
    {
        if (PluginPaths.Fault(id) is not null || id.Contains('/')) throw new PluginInstallException(_root, $"'{id}' is no id of a plugin.", "Write one that `hotplug plugins list` shows.");
        if (!Directory.Exists(_root)) throw Missing();
        using var gate = Enter();
        var folder = Path.Combine(_root, id);
        var manifest = Present(folder, id) ?? throw Missing();
        var listed = manifest.Files.Select(f => f.Path).Append(PluginManifest.FileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var foreign = manifest.Files.Count == 0 ? [] : PackageStaging.AllFiles(folder).Where(f => !listed.Contains(f)).ToArray();
        if (foreign.Length != 0 && !force)
            throw new PluginInstallException(folder, $"files lie there that do not belong to the plugin: {string.Join(", ", foreign.Take(5))}{(foreign.Length > 5 ? ", …" : "")}.", "Move what you need, and say --force.");
        var locked = ReadLock();
        // Gone at once, and then deleted.
        var aside = Path.Combine(_root, Removed + Path.GetRandomFileName());
        Directory.Move(folder, aside);
        if (locked?.Find(id) is not null) locked.Without(id).Write();
        PackageStaging.Delete(aside);
        return manifest.Version;

        PluginInstallException Missing() => new(_root, $"there is no plugin '{id}'.", "Write one that `hotplug plugins list` shows, and its folder with --in.");
    }

    /// <summary>Pins plugins to the content they have now, after comparing all of their files with it.</summary>
    /// <param name="ids">Their ids; none for all that are in the folder.</param>
    /// <exception cref="PluginInstallException">There is none of an id.</exception>
    /// <exception cref="PluginRejectedException">One is not right; then nothing is pinned.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public IReadOnlyList<PluginPin> Pin(IReadOnlyCollection<string> ids)
    {
        if (!Directory.Exists(_root)) throw new PluginInstallException(_root, "there is no such folder.", "Name the folder of the plugins with --in.");
        using var gate = Enter();
        var locked = ReadLock();
        // Rights count, pins do not: they are what is made here.
        var scan = PluginScanner.Scan([new(_root, "configuration")], hashes: true, PluginPinning.Off);
        var pins = new List<PluginPin>();
        foreach (var id in ids.Count == 0 ? scan.Plugins.Select(p => p.Manifest!.Id).Concat(scan.Rejections.Select(r => r.Id ?? "?")) : ids.Distinct())
        {
            if (scan.Rejections.FirstOrDefault(r => r.Id == id) is { } rejection) throw new PluginRejectedException(rejection);
            var plugin = scan.Plugins.FirstOrDefault(p => p.Manifest!.Id == id)
                ?? throw new PluginInstallException(_root, $"there is no plugin '{id}'.", "Write one that `hotplug plugins list` shows, and its folder with --in.");
            if (RootTrust.WhyUnpinnable(plugin.Manifest!) is { } reason) throw new PluginInstallException(plugin.Folder, reason, "Build the plugin again: the build lists every file with its hash.");
            pins.Add(new(id, plugin.Manifest!.Version, plugin.Manifest.Sha256));
        }
        PluginLock.With(_root, locked, pins).Write();
        return pins;
    }

    /// <summary>Takes the folder for this process, and deletes what one that was killed has left.</summary>
    private FileStream Enter()
    {
        if (FolderRights.OfChain(_root) is { } rights) throw new PluginInstallException(rights.Path, rights.Reason, rights.Cure);
        var gate = FolderGate.Enter(_root);
        foreach (var rest in Directory.GetDirectories(_root, Staging + "*").Concat(Directory.GetDirectories(_root, Removed + "*"))) PackageStaging.Delete(rest);
        return gate;
    }

    private PluginLock? ReadLock()
    {
        var locked = PluginLock.Read(_root, out var fault);
        return fault is null ? locked : throw new PluginInstallException(Path.Combine(_root, PluginLock.FileName), $"the lock file cannot be read: {fault}.", "Put the right one back, or remove it and pin what you trust anew.");
    }

    /// <summary>The manifest of the plugin at a place; null if nothing is there.</summary>
    private static PluginManifest? Present(string folder, string id)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null) throw new PluginInstallException(folder, "it is a link.", "Remove the link, or work on the folder it leads to.");
        if (File.Exists(folder)) throw new PluginInstallException(folder, "it is a file, and no plugin.", "Move it away.");
        if (!Directory.Exists(folder)) return null;
        if (PluginManifestReader.Read(folder, out var rejection) is not { } manifest) throw new PluginInstallException(folder, $"it is no plugin: {rejection!.Reason}", "Look what it is, and remove it by hand.");
        return manifest.Id == id ? manifest : throw new PluginInstallException(folder, $"it holds the plugin '{manifest.Id}', and not '{id}'.", "Look what it is, and remove it by hand.");
    }
}
