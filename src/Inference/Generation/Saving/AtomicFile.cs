namespace Hotplug.Inference.Generation.Saving;

/// <summary>Writes a file whole or not at all: beside its place, to the disk, and then under its name. Whoever looks sees the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file that its owner alone can read.</summary>
    /// <param name="path">Its place; what is there is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The path is that of a device, its folder is not there, or the disk is full; nothing has changed.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        var partial = Partial(ref path);
        try
        {
            using (var file = new FileStream(partial, Options(isPrivate: true)))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes a file that whoever may read files there can read.</summary>
    /// <inheritdoc cref="Write"/>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        var partial = Partial(ref path);
        try
        {
            await using (var file = new FileStream(partial, Options(isPrivate: false)))
            {
                await write(file).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static string Partial(ref string path)
    {
        path = Path.GetFullPath(path);
        // Whoever may write there would exchange the device for a file.
        if (!OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw new IOException($"'{path}' is a device, which a file would take the place of. Give the path of a file.");
        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'. Make it, or name another place.");
        return Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
    }

    private static FileStreamOptions Options(bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
