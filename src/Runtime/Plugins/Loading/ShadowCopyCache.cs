using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>
/// The folder with the private copies of plugins: <c>&lt;cache&gt;/&lt;id&gt;/&lt;version&gt;-&lt;content hash&gt;/</c>. Shared by all processes of a user. Each holder keeps a file
/// <c>&lt;copy&gt;.&lt;pid&gt;-&lt;n&gt;.hold</c> open and locked; the system gives the lock back when the process ends, however it ends. Copies nobody holds are deleted
/// when another content of the same plugin is loaded.
/// </summary>
internal sealed class ShadowCopyCache
{
    private const string HoldSuffix = ".hold";
    private static int _holds;

    private readonly string? _root;

    /// <summary>Uses a folder for the copies.</summary>
    /// <param name="root">The folder, made when needed; null for the user's own.</param>
    public ShadowCopyCache(string? root) => _root = root ?? Default();

    /// <summary>The user's own cache folder, or null if he has none.</summary>
    internal static string? Default()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? null : Path.Combine(local, "hotplug", "plugins");
    }

    /// <summary>
    /// Copies a plugin, or finds the copy made before, and holds it. What is loaded afterwards was compared where it lies: every file of the copy has the hash that the manifest
    /// lists, the manifest is the one that was inspected, and that, where a pin is asked for, the pinned one.
    /// </summary>
    /// <exception cref="PluginRejectedException">A file is not the one the manifest lists, or went away meanwhile.</exception>
    public ShadowCopy Take(PluginInspection plugin)
    {
        var manifest = plugin.Manifest!;
        try
        {
            var hashes = PluginHashes.Of(plugin);
            Compare(plugin, hashes);
            string? failed = null;
            if (_root is not null)
            {
                try
                {
                    return InCache(_root, plugin, hashes);
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    failed = failure.Message;
                }
            }
            return Temporary(plugin, hashes, failed is null ? "the user has no cache folder; loaded from a temporary copy"
                : $"the cache folder {_root} cannot be used ({failed}); loaded from a temporary copy");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginRejectedException(new()
            {
                Code = PluginRejectionCode.Unreadable, Path = plugin.Folder, Id = manifest.Id, Reason = failure.Message,
                Cure = "Copy the whole folder of the plugin again, and give the user that runs the host the right to read it.",
            });
        }
    }

    /// <summary>Deletes a copy, unless somebody holds it or copies are being arranged just now; then a later load does it.</summary>
    public static void DeleteUnheld(string folder)
    {
        var home = Path.GetDirectoryName(folder)!;
        TryDelete(() =>
        {
            using var gate = FolderGate.Enter(home);
            if (!Held(home, Path.GetFileName(folder), except: null)) Remove(folder);
        });
    }

    private static void Compare(PluginInspection plugin, PluginHashes hashes)
    {
        var manifest = plugin.Manifest!;
        var found = hashes.Files.First(f => f.Path == PluginManifest.FileName).Sha256;
        if (found != manifest.Sha256 || (plugin.Pin is { } pin && found != pin.ManifestSha256))
            throw new PluginRejectedException(new()
            {
                Code = plugin.Pin is null ? PluginRejectionCode.BadHash : PluginRejectionCode.PinMismatch, Path = PluginPaths.Combine(plugin.Folder, PluginManifest.FileName), Id = manifest.Id,
                Reason = $"plugin.json has the SHA-256 {found}, and the one that was inspected {manifest.Sha256}: the plugin was changed since it was found.", Cure = "Let the folders be searched again: start the program anew.",
            });
        foreach (var (path, hash) in hashes.Files)
            if (plugin.Manifest!.Files.FirstOrDefault(f => f.Path == path) is { Sha256: { } listed } && listed != hash)
                throw new PluginRejectedException(PluginInspector.Changed(plugin.Manifest, PluginPaths.Combine(plugin.Folder, path), path, listed, hash));
    }

    private static ShadowCopy InCache(string root, PluginInspection plugin, PluginHashes hashes)
    {
        var home = Path.Combine(root, plugin.Manifest!.Id);
        CreatePrivate(home);
        if (FolderRights.OfChain(home) is { } rights) throw new IOException($"{rights.Reason} {rights.Cure}");
        using var gate = FolderGate.Enter(home);
        var name = $"{plugin.Manifest.Version}-{hashes.Content[..16]}";
        var folder = Path.Combine(home, name);
        var hold = new FileStream($"{folder}.{Environment.ProcessId}-{Interlocked.Increment(ref _holds)}{HoldSuffix}",
            FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            if (!IsCopy(folder, hashes))
            {
                // A damaged copy that someone still runs from is left to him.
                if (Directory.Exists(folder) && Held(home, name, except: hold.Name))
                    throw new IOException($"{folder} is damaged and in use.");
                var partial = folder + ".partial";
                Remove(partial);
                Remove(folder);
                Copy(plugin.Folder, partial, hashes);
                Directory.Move(partial, folder);
            }
            Clean(home, name, hold.Name);
            return new ShadowCopy(folder, hashes.Content, hold, null, null);
        }
        catch
        {
            var path = hold.Name;
            hold.Dispose();
            TryDelete(() => File.Delete(path));
            throw;
        }
    }

    private static ShadowCopy Temporary(PluginInspection plugin, PluginHashes hashes, string notice)
    {
        string? made = null;
        try
        {
            made = Directory.CreateTempSubdirectory("hotplug-").FullName;
            var folder = Path.Combine(made, plugin.Manifest!.Id);
            Copy(plugin.Folder, folder, hashes);
            return new ShadowCopy(folder, hashes.Content, null, made, notice);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (made is not null) TryDelete(() => Directory.Delete(made, recursive: true));
            // In place it could be exchanged between the comparison and the loading.
            if (plugin.Pin is not null) throw;
            return new ShadowCopy(plugin.Folder, hashes.Content, null, null,
                $"{notice}, which failed ({failure.Message}); loaded in place: do not replace its files while it runs");
        }
    }

    private static bool IsCopy(string folder, PluginHashes hashes)
    {
        if (!Directory.Exists(folder)) return false;
        foreach (var (path, hash) in hashes.Files)
        {
            var file = PluginPaths.Combine(folder, path);
            if (!File.Exists(file) || PluginHashes.OfFile(file) != hash) return false;
        }
        // What lies beside would be found by the code.
        return PluginPaths.Files(folder).TrueForAll(f => hashes.Files.Any(h => h.Path == f));
    }

    private static void Copy(string from, string to, PluginHashes hashes)
    {
        CreatePrivate(to);
        foreach (var (path, hash) in hashes.Files)
        {
            var target = PluginPaths.Combine(to, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(PluginPaths.Combine(from, path), target);
            // The folder may be replaced while it is copied.
            if (PluginHashes.OfFile(target) != hash) throw new IOException($"{PluginPaths.Combine(from, path)} changed while it was copied.");
        }
    }

    /// <summary>Deletes what nobody holds: copies of other contents, rests of copies that were never finished, holds of processes that ended.</summary>
    private static void Clean(string home, string keep, string hold)
    {
        // The holds that ended processes left beside the copy in use; without this every run would leave one more.
        _ = Held(home, keep, except: hold);
        foreach (var folder in Directory.GetDirectories(home))
        {
            var name = Path.GetFileName(folder);
            if (name != keep && !Held(home, name, except: null)) TryDelete(() => Directory.Delete(folder, recursive: true));
        }
    }

    private static bool Held(string home, string name, string? except)
    {
        var held = false;
        foreach (var file in Directory.GetFiles(home, "*" + HoldSuffix))
        {
            if (file == except || !Path.GetFileName(file).StartsWith(name + ".", StringComparison.Ordinal)) continue;
            try
            {
                using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None)) { }
                File.Delete(file);
            }
            catch (FileNotFoundException)
            {
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                held = true;
            }
        }
        return held;
    }

    private static void CreatePrivate(string folder)
    {
        // Code is loaded from here: nobody else may write to it.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Deletes what may be deleted; what may not (an image still mapped on Windows) is deleted by a later start.</summary>
    internal static void TryDelete(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
