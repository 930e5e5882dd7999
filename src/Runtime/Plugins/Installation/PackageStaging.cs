using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>Puts the files of a package together in a folder that nobody else enters, and inspects them there.</summary>
internal static class PackageStaging
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderForAll = FileForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const long MaxManifestBytes = 1 << 20;

    /// <summary>Fills a new folder with what the package's manifest lists, and nothing else.</summary>
    /// <exception cref="PluginInstallException">The package is not right.</exception>
    /// <exception cref="PluginRejectedException">The plugin could not run here.</exception>
    public static StagedPackage Fill(string staging, string source, IPluginPackage package, InstallLimits limits, CancellationToken cancellation)
    {
        if (!package.Files.Contains(PluginManifest.FileName)) throw Wrong($"it has no {PluginManifest.FileName}.");
        CreateFolder(staging, Private);
        try
        {
            var bytes = Copy(PluginManifest.FileName, Math.Min(MaxManifestBytes, limits.FileBytes));
            if (PluginManifestReader.Read(staging, out var rejection) is not { } manifest) throw Rejected(rejection!);
            if (RootTrust.WhyUnpinnable(manifest) is { } reason) throw Wrong(reason);
            var names = new PackageNames();
            foreach (var file in manifest.Files.Select(f => f.Path).Prepend(PluginManifest.FileName).Distinct())
                if (names.Add(file) is { } fault) throw Wrong($"plugin.json lists '{file}': {fault}.");
            foreach (var file in manifest.Files)
            {
                if (file.Path == PluginManifest.FileName) continue;
                if (!package.Files.Contains(file.Path)) throw Wrong($"plugin.json lists {file.Path}, and it is not there.");
                bytes += Copy(file.Path, Math.Min(file.Size ?? long.MaxValue, Math.Min(limits.FileBytes, limits.TotalBytes - bytes)));
            }
            var inspection = PluginInspector.Inspect(staging, hashes: true);
            if (inspection.Rejection is { } wrong) throw Rejected(wrong);
            var listed = manifest.Files.Select(f => f.Path).Append(PluginManifest.FileName).ToHashSet(StringComparer.Ordinal);
            // The one that was inspected is the one that was read.
            return new(inspection.Manifest!, listed.Count, bytes, [.. package.Files.Where(f => !listed.Contains(f)).Order(StringComparer.Ordinal)]);
        }
        catch (InvalidDataException damaged)
        {
            throw Wrong($"it is damaged: {damaged.Message}", damaged);
        }

        long Copy(string file, long most)
        {
            var target = PluginPaths.Combine(staging, file);
            CreateFolder(Path.GetDirectoryName(target)!, Private);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileForAll;
            using var from = package.Open(file);
            using var to = new FileStream(target, options);
            var buffer = new byte[1 << 16];
            var copied = 0L;
            // What a package says of the length of its files is not asked: it is counted.
            while (from.Read(buffer) is var read and > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                copied += read;
                if (copied > most) throw Wrong($"{file} is longer than the {most} bytes that it may have.");
                to.Write(buffer, 0, read);
            }
            return copied;
        }

        PluginInstallException Wrong(string reason, Exception? inner = null) => new(source, reason, "Build the plugin again, or get it again from where it came.", inner);

        // It was inspected where nobody will find it.
        PluginRejectedException Rejected(PluginRejection found)
            => new(found with { Path = found.Path.Replace(staging, source, StringComparison.Ordinal), Id = found.Id == Path.GetFileName(staging) ? Path.GetFileName(source) : found.Id });
    }

    /// <summary>Brings what is right to the disk, and lets everybody read what was private until now.</summary>
    public static void Finish(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
        foreach (var inner in Directory.GetDirectories(folder)) Finish(inner);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, FolderForAll);
    }

    /// <summary>Makes a folder that everybody may read and only the owner write to, if it is not there.</summary>
    public static void CreateFolder(string folder) => CreateFolder(folder, FolderForAll);

    /// <summary>Deletes a folder if it is there; what it links to stays. What cannot be deleted is left to the next who works there.</summary>
    public static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Every file in a folder, hidden ones too, as relative paths with forward slashes; links count as files and are not followed.</summary>
    public static IEnumerable<string> AllFiles(string folder) => AllFiles(new DirectoryInfo(folder), "");

    private static IEnumerable<string> AllFiles(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is not DirectoryInfo { LinkTarget: null } inner) yield return prefix + entry.Name;
            else
                foreach (var file in AllFiles(inner, $"{prefix}{entry.Name}/")) yield return file;
        }
    }

    private static void CreateFolder(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, mode);
    }
}
