using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>
/// Searches folders for plugins. Searched in this order: the folders of the environment variable <see cref="EnvironmentVariable"/>
/// (separated as in PATH), the configured ones, and <c>plugins</c> beside the program. Of two usable plugins with one id the first counts.
/// A folder is either a plugin itself (it has a <c>plugin.json</c>) or holds plugins in sub-folders named by their ids, taken in ordinal order.
/// </summary>
public static class PluginScanner
{
    /// <summary>Names further folders, separated as in PATH; they come first.</summary>
    public const string EnvironmentVariable = "HOTPLUG_PLUGINS";

    /// <summary>The folders that are searched.</summary>
    /// <param name="configured">Folders of the configuration; relative ones lie beside the program.</param>
    /// <param name="environment">Value of <see cref="EnvironmentVariable"/>, or null.</param>
    /// <param name="installation">Folder of the program; by default <see cref="AppContext.BaseDirectory"/>.</param>
    public static IReadOnlyList<PluginRoot> Roots(IEnumerable<string> configured, string? environment, string? installation = null)
    {
        installation ??= AppContext.BaseDirectory;
        var roots = new List<PluginRoot>();
        foreach (var path in (environment ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            Add(path, Environment.CurrentDirectory, "environment");
        foreach (var path in configured) Add(path, installation, "configuration");
        Add("plugins", installation, "installation");
        return roots;

        void Add(string path, string at, string origin)
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, at));
            if (!roots.Exists(r => r.Path == full)) roots.Add(new(full, origin));
        }
    }

    /// <summary>Searches folders. Reads manifests and metadata only; runs nothing. One broken plugin never hides another.</summary>
    /// <param name="roots">What <see cref="Roots"/> returned.</param>
    /// <param name="hashes">Whether to compare the hashes of all listed files as well; loading does so in any case.</param>
    /// <param name="pinning">Whether plugins must be pinned.</param>
    public static PluginScan Scan(IReadOnlyList<PluginRoot> roots, bool hashes = false, PluginPinning pinning = PluginPinning.Auto)
    {
        var plugins = new Dictionary<string, PluginInspection>(StringComparer.Ordinal);
        var order = new List<PluginInspection>();
        var rejections = new List<PluginRejection>();
        var notices = new List<PluginNotice>();
        foreach (var root in roots)
        {
            try
            {
                Search(root);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                notices.Add(new(root.Path, $"the folder cannot be searched: {failure.Message}"));
            }
        }
        return new(roots, order, rejections, notices);

        void Search(PluginRoot root)
        {
            var directory = new DirectoryInfo(root.Path);
            if (!directory.Exists)
            {
                if (root.Origin != "installation") notices.Add(new(root.Path, $"the folder, named by the {root.Origin}, does not exist."));
                return;
            }
            var trust = RootTrust.Of(root.Path, pinning);
            if (trust.Notice is { } known) notices.Add(known);
            if (File.Exists(Path.Combine(root.Path, PluginManifest.FileName)))
            {
                Take(PluginInspector.Inspect(root.Path, hashes), folder: null, trust);
                return;
            }
            foreach (var entry in directory.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (entry.Name is PluginLock.FileName or FolderGate.FileName) continue;
                if (PluginPaths.IsHidden(entry)) notices.Add(new(entry.FullName, "ignored: it is hidden."));
                else if (entry is not DirectoryInfo folder) notices.Add(new(entry.FullName, "ignored: a plugin is a folder."));
                else if (IsEmpty(folder)) notices.Add(new(entry.FullName, "ignored: the folder is empty."));
                else Take(PluginInspector.Inspect(entry.FullName, hashes), entry.Name, trust);
            }
        }

        void Take(PluginInspection found, string? folder, RootTrust trust)
        {
            notices.AddRange(found.Notices);
            var rejection = found.Rejection;
            if (rejection is null && folder is not null && folder != found.Manifest!.Id)
                rejection = new()
                {
                    Code = PluginRejectionCode.WrongFolder, Path = found.Folder, Id = found.Manifest.Id,
                    Reason = $"the folder is named '{folder}', and the plugin's id is '{found.Manifest.Id}'.", Cure = $"Rename the folder to '{found.Manifest.Id}'.",
                };
            if (rejection is null) rejection = trust.Judge(found);
            if (rejection is null && plugins.TryGetValue(found.Manifest!.Id, out var first))
                rejection = new()
                {
                    Code = PluginRejectionCode.DuplicateId, Path = found.Folder, Id = found.Manifest.Id,
                    Reason = $"the id '{found.Manifest.Id}' (version {found.Manifest.Version}) belongs to the plugin at {first.Folder} (version {first.Manifest!.Version}), found before.",
                    Cure = "Remove one of the two folders.",
                };
            if (rejection is not null)
            {
                rejections.Add(rejection);
                return;
            }
            found = found with { Pin = trust.PinOf(found), Root = trust.Root };
            plugins.Add(found.Manifest!.Id, found);
            order.Add(found);
        }
    }

    /// <summary>Looks at the folder of a plugin that was found before, or that is to take its place: under the rules of the folder that was searched, and wherever it lies itself.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="root">The folder that was searched, whose lock file speaks for the plugin.</param>
    /// <param name="pinning">Whether plugins must be pinned.</param>
    internal static PluginInspection Inspect(string folder, string root, PluginPinning pinning)
    {
        var found = PluginInspector.Inspect(folder, hashes: false);
        if (found.Rejection is not null) return found;
        if (found.Folder != root && Path.GetDirectoryName(found.Folder) is { } parent && parent != root && RootTrust.Of(parent, PluginPinning.Off).Judge(found) is { } open)
            return found with { Rejection = open };
        var trust = RootTrust.Of(root, pinning);
        return trust.Judge(found) is { } rejection ? found with { Rejection = rejection } : found with { Pin = trust.PinOf(found), Root = trust.Root };
    }

    private static bool IsEmpty(DirectoryInfo folder)
    {
        try
        {
            return !folder.EnumerateFileSystemInfos().Any(e => !PluginPaths.IsHidden(e));
        }
        // Unreadable is not empty: the inspection says what is wrong.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
