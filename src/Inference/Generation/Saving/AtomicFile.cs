namespace Hotplug.Inference.Generation.Saving;

/// <summary>Writes a file whole or not at all: beside its place, to the disk, and then under its name. Whoever looks sees the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file that its owner alone can read.</summary>
    /// <param name="path">Its place; what is there is replaced.</param>
    /// <param name="write">Writes the content.</param>
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
        return Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
    }

    private static FileStreamOptions Options(bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
