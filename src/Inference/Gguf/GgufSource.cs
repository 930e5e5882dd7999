using System.IO.MemoryMappedFiles;

namespace Hotplug.Inference.Gguf;

/// <summary>Brings the header of a file before the parser: maps it, read-only, for as long as the one pass takes.</summary>
internal static class GgufSource
{
    /// <exception cref="GgufException">The file is damaged, unsupported, or cannot be read or mapped.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a directory.</exception>
    public static GgufShard Read(string path, int file)
    {
        try
        {
            // Pipes and devices have no length, and to open a pipe would wait for its writer.
            var info = new FileInfo(path);
            if (info is { Exists: true, Length: 0 }) return GgufHeader.Read([], 0, path, file);
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            if (length == 0) return GgufHeader.Read([], 0, path, file);
            var window = (int)Math.Min(length, GgufHeader.MaxLength);
            using var mapping = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            using var view = mapping.CreateViewAccessor(0, window, MemoryMappedFileAccess.Read);
            return Read(view, window, length, path, file);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new FileNotFoundException(missing.Message, path, missing);
        }
        catch (IOException fault) when (fault is not FileNotFoundException)
        {
            throw new GgufException(path, 0, "file", $"it cannot be read: {fault.Message.TrimEnd('.')}", "Check the file, its disk and the rights to it", fault);
        }
    }

    private static unsafe GgufShard Read(MemoryMappedViewAccessor view, int window, long length, string path, int file)
    {
        byte* start = null;
        try
        {
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);

            // The view starts at byte 0 of the file, so there is no pointer offset to add, and spans at least the window.
            return GgufHeader.Read(new(start, window), length, path, file);
        }
        finally
        {
            if (start is not null) view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
