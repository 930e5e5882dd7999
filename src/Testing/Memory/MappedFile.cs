using System.IO.MemoryMappedFiles;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Testing.Memory;

/// <summary>A temporary file mapped read-only by the operating system: writing to it kills the process, as with a model file.</summary>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private bool _disposed;

    /// <summary>Writes and maps a file.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="alignment">Alignment of the first byte in memory, a power of two.</param>
    public MappedFile(ReadOnlySpan<byte> content, nuint alignment)
    {
        _path = Path.GetTempFileName();
        try
        {
            // Views start at pages: for more, the content follows as many bytes as alignment asks, at most alignment − 1.
            using (var stream = File.OpenWrite(_path))
                stream.SetLength(content.Length + (long)alignment);
            _file = MemoryMappedFile.CreateFromFile(File.Open(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* first = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
            var start = ((nuint)first + alignment - 1) & ~(alignment - 1);
            using (var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                stream.Position = (long)(start - (nuint)first);
                stream.Write(content);
            }
            Memory = new HostMemory((nint)start, (nuint)content.Length, HostAccess.Read);
        }
        catch
        {
            File.Delete(_path);
            throw;
        }
    }

    /// <summary>The content in memory.</summary>
    public HostMemory Memory { get; }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Bytes => new((void*)Memory.Pointer, (int)Memory.Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
