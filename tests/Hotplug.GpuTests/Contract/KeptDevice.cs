using System.Collections.Concurrent;
using Hotplug.Gpu.Discovery;
using Hotplug.Gpu.Drivers;

namespace Hotplug.GpuTests.Contract;

/// <summary>
/// A device that stays open from one backend to the next: opening it, and compiling its kernels, takes longer than most tests. Each backend is lent a driver of its own;
/// one that is given back while something is open on it fails the backend that had it, and is not lent again.
/// </summary>
internal sealed class KeptDevice
{
    private static readonly ConcurrentBag<KeptDevice> All = [];
    private readonly FoundDevice _device;
    private readonly ConcurrentStack<IGpuDriver> _idle = [];

    /// <param name="device">How it is opened.</param>
    public KeptDevice(FoundDevice device)
    {
        _device = device;
        All.Add(this);
    }

    /// <summary>The device, for the plugin.</summary>
    public FoundDevice Found => new(_device.Facts, () => new LentDriver(this, _idle.TryPop(out var known) ? known : _device.Open()));

    /// <summary>Closes all that are in nobody's hands, with their threads.</summary>
    public static void CloseIdle()
    {
        foreach (var kept in All)
            while (kept._idle.TryPop(out var driver)) driver.Dispose();
    }

    /// <summary>Takes back a driver on which nothing is open.</summary>
    internal void Return(IGpuDriver driver) => _idle.Push(driver);
}
