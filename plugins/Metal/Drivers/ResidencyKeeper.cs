using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Drivers;

/// <summary>
/// Keeps the buffers of a device resident for its queue where the system has residency sets (macOS 15), so that they are not wired anew for every command buffer; does nothing
/// where it has none. Lives on the device's thread; disposing ends the residency.
/// </summary>
internal sealed class ResidencyKeeper : IDisposable
{
    private const int Capacity = 64;

    private readonly MetalQueue _queue;
    private readonly MetalResidencySet? _set;
    private int _buffers;

    public ResidencyKeeper(MetalDevice device, MetalQueue queue)
    {
        _queue = queue;
        if (!device.HasResidencySets) return;
        _set = device.NewResidencySet(Capacity);
        queue.Add(_set);
    }

    /// <summary>Whether the system has residency sets.</summary>
    public bool IsKept => _set is not null;

    /// <summary>Asks once more, for what the system has let go of.</summary>
    public void Renew()
    {
        if (_buffers != 0) _set?.RequestResidency();
    }

    /// <summary>Adds a buffer.</summary>
    public void Add(MetalBuffer buffer)
    {
        if (_set is null) return;
        _set.Add(buffer);
        _set.Commit();
        if (_buffers++ == 0) _set.RequestResidency();
    }

    /// <summary>Removes a buffer that was added. With the last one the residency ends.</summary>
    public void Remove(MetalBuffer buffer)
    {
        if (_set is null) return;
        _set.Remove(buffer);
        _set.Commit();
        if (--_buffers == 0) _set.EndResidency();
    }

    public void Dispose()
    {
        if (_set is null) return;
        if (_buffers != 0)
        {
            _set.Clear();
            _set.Commit();
            _set.EndResidency();
        }
        _queue.Remove(_set);
        _set.Dispose();
    }
}
