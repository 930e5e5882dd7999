namespace Hotplug.Inference.Generation.Saving;

/// <summary>Writes a file whole or not at all: beside its place, to the disk, and then under its name. Whoever looks sees the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file that its owner alone can read.</summary>
    /// <param name="path">Its place; what is there is replaced.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<FileStream> write)
    {
        path = Path.GetFullPath(path);
        var partial = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(partial, options))
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
}
