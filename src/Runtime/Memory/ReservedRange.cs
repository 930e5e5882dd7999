using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;

namespace Hotplug.Runtime.Memory;

/// <summary>A reserved range with its regions, counted by the <see cref="Reservation"/>s that stand for it.</summary>
internal sealed class ReservedRange(AddressSpace space, AddressRange range)
{
    private readonly Lock _gate = new();
    private readonly SortedList<nuint, Region> _regions = [];
    private int _holders = 1;

    public AddressSpace Space => space;

    public AddressRange Range => range;

    public void Acquire()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_holders == 0, this);
            _holders++;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (--_holders != 0)
                return;
            for (var i = _regions.Count - 1; i >= 0; i--)
                Recede(_regions.GetKeyAtIndex(i), _regions.GetValueAtIndex(i));
            // Out of the books before the addresses can be handed out again.
            space.Forget(range);
            space.Platform.Release(range.Start, range.Length);
        }
    }

    public HostMemory Add(nuint offset, nuint length, RegionKind kind, WeightFile? file, long fileOffset)
    {
        var page = space.PageSize;
        if (offset % page != 0)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"A region begins at a page ({page} bytes).");
        if (length == 0 || offset > range.Length || length > range.Length - offset)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"{length} bytes at {offset} are no region of a range of {range.Length} bytes.");
        length = space.PageUp(length);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_holders == 0, this);
            CheckFree(offset, length);
            var address = range.Start + offset;
            if (file is null)
                space.Platform.Commit(address, length);
            else
                space.Platform.Map(address, length, file.Handle, fileOffset);
            _regions.Add(offset, new Region(length, kind));
            space.Count(kind, (long)length);
            return new HostMemory((nint)address, length, kind == RegionKind.Mapped ? HostAccess.Read : HostAccess.ReadWrite);
        }
    }

    public void Remove(nuint offset)
    {
        lock (_gate)
        {
            if (!_regions.TryGetValue(offset, out var region))
                throw new ArgumentException($"No region begins at offset {offset} of {range}.", nameof(offset));
            Recede(offset, region);
        }
    }

    private void Recede(nuint offset, Region region)
    {
        space.Platform.Recede(range.Start + offset, region.Length, region.Kind);
        _regions.Remove(offset);
        space.Count(region.Kind, -(long)region.Length);
    }

    private void CheckFree(nuint offset, nuint length)
    {
        foreach (var (start, region) in _regions)
        {
            if (start < offset + length && offset < start + region.Length)
                throw new InvalidOperationException($"{length} bytes at {offset} overlap the region of {region.Length} bytes at {start} in {range}.");
        }
    }

    private readonly record struct Region(nuint Length, RegionKind Kind);
}
