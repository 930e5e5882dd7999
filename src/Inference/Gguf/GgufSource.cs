using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Inference.Gguf;

/// <summary>Brings the header of a file before the parser: maps it, read-only, for as long as the one pass takes.</summary>
/// <remarks>A file that another process truncates during that pass faults like any mapped file; the pass takes milliseconds.</remarks>
internal static class GgufSource
{
    /// <exception cref="GgufException">The file is damaged, unsupported, or cannot be read or mapped.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a directory.</exception>
    public static GgufShard Read(string path, int file)
    {
        try
        {
            // Pipes and devices have no length, and to open a pipe could wait for ever for its writer.
            var info = new FileInfo(path);
            if ((info.ResolveLinkTarget(returnFinalTarget: true) ?? info) is FileInfo { Exists: true, Length: 0 })
                return GgufHeader.Read([], 0, path, file);
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            if (length == 0) return GgufHeader.Read([], 0, path, file);
            using var mapping = Map(handle, length);
            var window = (int)Math.Min(length, GgufHeader.MaxLength);
            using var view = mapping.CreateViewAccessor(0, window, MemoryMappedFileAccess.Read);
            return Read(view, window, length, path, file);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new FileNotFoundException(missing.Message, path, missing);
        }
        catch (Exception fault) when (fault is NotSupportedException or IOException and not FileNotFoundException)
        {
            throw new GgufException(path, 0, "file", $"it cannot be read or mapped: {fault.Message.TrimEnd('.')}",
                "Give a regular file, and check its disk and the rights to it", fault);
        }
    }

    private static MemoryMappedFile Map(SafeFileHandle handle, long length)
    {
        try
        {
            return MemoryMappedFile.CreateFromFile(handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        }
        catch (ArgumentException shrunk)
        {
            throw new IOException($"it became shorter than {length} bytes while it was being opened", shrunk);
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
