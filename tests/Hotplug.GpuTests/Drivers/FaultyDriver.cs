using Hotplug.Abstractions.Devices;
using Hotplug.Gpu.Drivers;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.GpuTests.Drivers;

/// <summary>The driver of a <see cref="SimulatedDevice"/>: asks it before every call, and counts what is open.</summary>
internal sealed class FaultyDriver(SimulatedDevice device, IGpuDriver inner) : IGpuDriver
{
    public DriverFacts Facts => device.Facts;

    public DeviceMemory QueryMemory() => device.IsGone ? default : device.Memory;

    public IGpuMemory Allocate(long bytes)
    {
        device.Enter(DriverCall.Allocate);
        if (device.Facts.MaxAllocation > 0 && bytes > device.Facts.MaxAllocation) throw new InvalidOperationException($"An allocation of {bytes} bytes, above the largest of {device.Facts.MaxAllocation}.");
        return new Counted(device, DriverCall.Free, inner.Allocate(bytes));
    }

    public IGpuMemory Adopt(nint pointer, long bytes)
    {
        device.Enter(DriverCall.Adopt);
        return new Counted(device, DriverCall.Free, inner.Adopt(pointer, bytes));
    }

    public IDisposable? PageLock(nint pointer, long bytes)
    {
        device.Enter(DriverCall.PageLock);
        return device.LocksPages ? new Counted(device, DriverCall.Unlock, null) : null;
    }

    public void Upload(nint source, ArrayView<byte> destination)
    {
        device.Enter(DriverCall.Upload);
        inner.Upload(source, destination);
    }

    public void Download(ArrayView<byte> source, nint destination)
    {
        device.Enter(DriverCall.Download);
        inner.Download(source, destination);
    }

    public void Copy(ArrayView<byte> source, ArrayView<byte> destination)
    {
        device.Enter(DriverCall.Copy);
        inner.Copy(source, destination);
    }

    public void Clear(ArrayView<byte> target)
    {
        device.Enter(DriverCall.Clear);
        inner.Clear(target);
    }

    public Action<KernelConfig, TArguments> Load<TArguments>(Action<TArguments> kernel) where TArguments : struct
    {
        device.Enter(DriverCall.Load);
        var loaded = inner.Load(kernel);
        return (config, arguments) =>
        {
            device.Enter(DriverCall.Launch);
            loaded(config, arguments);
        };
    }

    public void Synchronize()
    {
        // What was started is waited for, also on a broken device: its kernels run on the host's memory.
        inner.Synchronize();
        device.Enter(DriverCall.Synchronize);
    }

    public void Dispose()
    {
        inner.Dispose();
        device.Closed(DriverCall.Close);
        device.Enter(DriverCall.Close);
    }
}
