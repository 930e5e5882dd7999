using Hotplug.Abstractions.Faults;

namespace Hotplug.Accelerators.Memory;

/// <summary>How much of a device's memory a plugin may take, and has taken. Safe from any thread.</summary>
/// <param name="limit">Bytes that may be taken, or null for as many as the driver gives.</param>
public sealed class MemoryBudget(long? limit)
{
    private long _used;

    /// <summary>Bytes that may be taken, or null for as many as the driver gives.</summary>
    public long? Limit => limit;

    /// <summary>Bytes taken.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes bytes.</summary>
    /// <param name="type">Name of the buffer type, for the message.</param>
    /// <param name="bytes">Bytes.</param>
    /// <exception cref="OutOfDeviceMemoryException">They exceed the limit. Nothing was taken.</exception>
    public void Take(string type, long bytes)
    {
        var used = Interlocked.Add(ref _used, bytes);
        if (limit is not { } most || used <= most) return;
        Return(bytes);
        var free = (nuint)Math.Max(0, most - Used);
        throw new OutOfDeviceMemoryException(type, (nuint)bytes, free, free);
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
