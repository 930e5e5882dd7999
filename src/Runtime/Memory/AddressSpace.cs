using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// The addresses that the runtime hands out: every buffer's range comes from here, and every address leads back to its buffer. One per
/// runtime. Safe from any thread. It owns nothing itself; <see cref="Usage"/> counts what its reservations hold.
/// </summary>
public sealed class AddressSpace
{
    private readonly Lock _gate = new();
    private readonly List<AddressRange> _reserved = [];
    private readonly List<Entry> _buffers = [];
    private int _reservations;
    private long _reservedBytes, _mappedBytes, _committedBytes;

    /// <summary>Creates an address space of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">An unknown operating system, or a 32-bit process.</exception>
    public AddressSpace() : this(HostMemoryPlatform.Current) { }

    internal AddressSpace(HostMemoryPlatform platform) => (Platform, Locks) = (platform, new LockLedger(platform));

    /// <summary>Raised when a plugin throws while one of its buffers is disposed. The buffer's memory has been given back all the same.</summary>
    public event Action<BackendFaultException>? BufferFaulted;

    /// <summary>Bytes of a page.</summary>
    public nuint PageSize => Platform.PageSize;

    /// <summary>The ranges locked in this address space.</summary>
    public LockLedger Locks { get; }

    /// <summary>What is held now.</summary>
    public HostMemoryUsage Usage
    {
        get
        {
            lock (_gate)
                return new(_reservations, _buffers.Count, _reservedBytes, _mappedBytes, _committedBytes, (long)Locks.LockedBytes);
        }
    }

    internal HostMemoryPlatform Platform { get; }

    /// <summary>What this process may lock now.</summary>
    public HostLimits QueryLimits() => Platform.QueryLimits();

    /// <summary>Reserves addresses: inaccessible, with no memory behind them, disjoint from every other reservation.</summary>
    /// <param name="length">Bytes, rounded up to pages; 0 reserves one.</param>
    /// <param name="alignment">Alignment of the first address: a power of two.</param>
    /// <exception cref="HostMemoryException">The system has no such range.</exception>
    public Reservation Reserve(nuint length, nuint alignment = 1)
    {
        if (!nuint.IsPow2(alignment))
            throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "An alignment is a power of two.");
        if (length > nuint.MaxValue / 2)
            throw new HostMemoryException($"A reservation of {length} bytes exceeds the address space.");
        length = PageUp(nuint.Max(length, 1));
        var range = new AddressRange(Platform.Reserve(length, nuint.Max(alignment, PageSize)), length);
        lock (_gate)
        {
            // The system hands out disjoint ranges; that every base address is unique rests on it, so it is checked.
            var at = ~_reserved.BinarySearch(range, ByStart);
            if (at >= 0 && !(at > 0 && _reserved[at - 1].Overlaps(range)) && !(at < _reserved.Count && _reserved[at].Overlaps(range))
                && range.Start != 0 && range.Start % alignment == 0)
            {
                _reserved.Insert(at, range);
                _reservations++;
                _reservedBytes += (long)length;
                return new Reservation(new ReservedRange(this, range));
            }
        }
        throw new HostMemoryException($"The system reserved {range}, which is not aligned to {alignment} or overlaps another reservation.");
    }

    /// <summary>Finds the physical buffer at an address. Of several that stand on one shared range, the newest.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="buffer">The buffer, never a composite or a view.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <returns>False if no buffer lies there.</returns>
    public bool TryResolve(nuint address, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IBuffer? buffer, out nuint offset)
    {
        lock (_gate)
        {
            var at = LastAtOrBefore(address);
            if (at >= 0 && _buffers[at].Range.Contains(address))
            {
                (buffer, offset) = (_buffers[at].Buffer, address - _buffers[at].Range.Start);
                return true;
            }
        }
        (buffer, offset) = (null, 0);
        return false;
    }

    /// <summary>Finds the physical buffer at an address; see <see cref="TryResolve"/>.</summary>
    /// <exception cref="ArgumentException">No buffer lies there.</exception>
    public (IBuffer Buffer, nuint Offset) Resolve(nuint address) => TryResolve(address, out var buffer, out var offset)
        ? (buffer, offset)
        : throw new ArgumentException($"No buffer lies at address 0x{address:x}.", nameof(address));

    internal nuint PageDown(nuint bytes) => bytes & ~(PageSize - 1);

    internal nuint PageUp(nuint bytes) => PageDown(bytes + (PageSize - 1));

    /// <summary>Enters a buffer. Its range is disjoint from every other's, or equal to theirs where all are read-only.</summary>
    internal void Register(IBuffer buffer, AddressRange range, bool readOnly)
    {
        lock (_gate)
        {
            var at = LastAtOrBefore(range.Start);
            if ((at >= 0 && Clash(_buffers[at])) || (at + 1 < _buffers.Count && Clash(_buffers[at + 1])))
                throw new InvalidOperationException($"Another buffer stands on addresses of {range}.");
            _buffers.Insert(at + 1, new Entry(range, buffer, readOnly));
        }

        bool Clash(in Entry other) => other.Range.Overlaps(range) && !(other.Range == range && other.ReadOnly && readOnly);
    }

    internal void Unregister(IBuffer buffer, AddressRange range)
    {
        lock (_gate)
        {
            for (var i = LastAtOrBefore(range.Start); i >= 0 && _buffers[i].Range.Start == range.Start; i--)
            {
                if (!ReferenceEquals(_buffers[i].Buffer, buffer))
                    continue;
                _buffers.RemoveAt(i);
                return;
            }
        }
    }

    internal void Count(RegionKind kind, long bytes)
    {
        lock (_gate)
        {
            if (kind == RegionKind.Mapped)
                _mappedBytes += bytes;
            else
                _committedBytes += bytes;
        }
    }

    internal void Forget(AddressRange range)
    {
        lock (_gate)
        {
            _reserved.RemoveAt(_reserved.BinarySearch(range, ByStart));
            _reservations--;
            _reservedBytes -= (long)range.Length;
        }
    }

    internal void Report(BackendFaultException fault) => BufferFaulted?.Invoke(fault);

    private static IComparer<AddressRange> ByStart { get; } = Comparer<AddressRange>.Create((a, b) => a.Start.CompareTo(b.Start));

    /// <summary>Index of the last entry that starts at or before <paramref name="address"/>, or −1.</summary>
    private int LastAtOrBefore(nuint address)
    {
        int low = 0, high = _buffers.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_buffers[middle].Range.Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private readonly record struct Entry(AddressRange Range, IBuffer Buffer, bool ReadOnly);
}
