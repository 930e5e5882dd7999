using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// A file that weights are mapped or read from: opened read-only and kept open, so that it stays the same file when its name goes to another.
/// Reading is safe from any thread. Mappings made from it outlive it.
/// </summary>
/// <remarks>A file that is truncated while mapped kills any process that touches the lost pages; no check can close that gap wholly.</remarks>
public sealed class WeightFile : IDisposable
{
    private readonly DateTime _lastWrite;

    private WeightFile(string path, SafeFileHandle handle) =>
        (Path, Handle, Length, _lastWrite) = (path, handle, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    /// <summary>The path it was opened by, absolute.</summary>
    public string Path { get; }

    /// <summary>Bytes, as they were when it was opened.</summary>
    public long Length { get; }

    internal SafeFileHandle Handle { get; }

    /// <summary>What tells this file from another of the same name.</summary>
    internal (string Path, long Length, DateTime LastWrite) Identity => (Path, Length, _lastWrite);

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static WeightFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            return new WeightFile(path, handle);
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new IOException($"{path} is no file with a length: a model is a regular file.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the file is as long and as old as when it was opened.</summary>
    /// <exception cref="WeightFileChangedException">It is not.</exception>
    public void Verify()
    {
        var length = RandomAccess.GetLength(Handle);
        var written = File.GetLastWriteTimeUtc(Handle);
        if (length != Length || written != _lastWrite)
            throw new WeightFileChangedException(Path, Length, length);
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="bytes">Filled completely.</param>
    /// <param name="offset">First byte in the file.</param>
    /// <exception cref="WeightFileChangedException">The file ends before, though it did not when it was opened.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bytes do not lie in the file as it was opened.</exception>
    public void Read(Span<byte> bytes, long offset)
    {
        if (offset < 0 || offset > Length || bytes.Length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{bytes.Length} bytes at {offset} do not lie in {Path}, which has {Length}.");
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(Handle, bytes, offset);
            if (read == 0)
                throw new WeightFileChangedException(Path, Length, RandomAccess.GetLength(Handle));
            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
