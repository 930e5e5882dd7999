using Hotplug.Gpu.Drivers;
using ILGPU;

namespace Hotplug.GpuTests.Drivers;

/// <summary>Something open on a simulated device: a block of memory, or locked pages. Counted until it is given back, and once only.</summary>
internal sealed class Counted : IGpuMemory
{
    private readonly SimulatedDevice _device;
    private readonly DriverCall _end;
    private readonly IDisposable? _inner;
    private bool _ended;

    public Counted(SimulatedDevice device, DriverCall end, IDisposable? inner)
    {
        (_device, _end, _inner) = (device, end, inner);
        device.Opened(end);
    }

    public ArrayView<byte> View => ((IGpuMemory)_inner!).View;

    public void Dispose()
    {
        if (_ended) throw new InvalidOperationException($"{_end} for the second time.");
        _ended = true;
        _inner?.Dispose();
        _device.Closed(_end);
        // A driver forgets what it had, and says all the same that its context is broken.
        _device.Enter(_end);
    }
}
