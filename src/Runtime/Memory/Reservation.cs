using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// Reserved addresses and the memory put behind stretches of them. What is not mapped or committed is inaccessible: a stray
/// pointer faults at once. Safe from any thread. The range goes when the last holder is disposed, with everything on it; a range has no
/// finalizer, because raw pointers into it would not keep it alive.
/// </summary>
public sealed class Reservation : IDisposable
{
    private ReservedRange? _range;

    internal Reservation(ReservedRange range) => (_range, Range) = (range, range.Range);

    /// <summary>The addresses, whole pages.</summary>
    public AddressRange Range { get; }

    /// <summary>Maps a part of a file, read-only.</summary>
    /// <param name="offset">Bytes from the start of the range; whole pages.</param>
    /// <param name="file">The file.</param>
    /// <param name="fileOffset">First byte of the file; whole pages.</param>
    /// <param name="length">Bytes, rounded up to pages; the last page may reach beyond the end of the file.</param>
    /// <exception cref="InvalidOperationException">Something stands there already.</exception>
    /// <exception cref="HostMemoryException">The system refused.</exception>
    public HostMemory MapFile(nuint offset, WeightFile file, long fileOffset, nuint length)
    {
        ArgumentNullException.ThrowIfNull(file);
        var range = Open();
        var page = (long)range.Space.PageSize;
        if (fileOffset < 0 || fileOffset % page != 0)
            throw new ArgumentOutOfRangeException(nameof(fileOffset), fileOffset, $"A mapping begins at a page of the file ({page} bytes).");
        // Pages wholly beyond the end of a file can be mapped but kill the process that touches them.
        if (fileOffset >= file.Length || (ulong)range.Space.PageUp(length) > (ulong)((file.Length - fileOffset + page - 1) / page * page))
            throw new ArgumentOutOfRangeException(nameof(length), length, $"{length} bytes at {fileOffset} do not lie in {file.Path}, which has {file.Length}.");
        return range.Add(offset, length, RegionKind.Mapped, file, fileOffset);
    }

    /// <summary>Puts zeroed memory behind a stretch.</summary>
    /// <param name="offset">Bytes from the start of the range; whole pages.</param>
    /// <param name="length">Bytes, rounded up to pages.</param>
    /// <exception cref="InvalidOperationException">Something stands there already.</exception>
    /// <exception cref="HostMemoryException">The system refused.</exception>
    public HostMemory Commit(nuint offset, nuint length) => Open().Add(offset, length, RegionKind.Committed, null, 0);

    /// <summary>Takes a mapping or committed memory away again; the addresses stay reserved.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <exception cref="ArgumentException">No region begins there.</exception>
    public void Decommit(nuint offset) => Open().Remove(offset);

    /// <summary>Another holder of the same range, to be disposed on its own.</summary>
    public Reservation Share()
    {
        var range = Open();
        range.Acquire();
        return new Reservation(range);
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _range, null)?.Release();

    private ReservedRange Open()
    {
        var range = _range;
        ObjectDisposedException.ThrowIf(range is null, this);
        return range;
    }
}
