using Hotplug.Abstractions.Devices;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Drivers;

/// <summary>
/// One accelerator as the plugin uses it, and the seam at which ILGPU could be exchanged and a test simulates bad days. Everything but <see cref="Facts"/> and
/// <see cref="QueryMemory"/> is called on the device's own thread. Failures are ILGPU's exceptions; <see cref="DriverFaults"/> makes typed ones of them.
/// </summary>
internal interface IGpuDriver : IDisposable
{
    /// <summary>What the accelerator is; constant.</summary>
    DriverFacts Facts { get; }

    /// <summary>Total and free bytes, unknown where the driver does not say; from any thread, never throws.</summary>
    DeviceMemory QueryMemory();

    /// <summary>Allocates device memory.</summary>
    IGpuMemory Allocate(long bytes);

    /// <summary>Stands on host memory: the emulator only.</summary>
    IGpuMemory Adopt(nint pointer, long bytes);

    /// <summary>Locks host memory for fast copies; null where the driver has nothing to offer for it.</summary>
    IDisposable? PageLock(nint pointer, long bytes);

    /// <summary>Starts a copy from host memory, which stays untouched until <see cref="Synchronize"/>.</summary>
    void Upload(nint source, ArrayView<byte> destination);

    /// <summary>Starts a copy to host memory.</summary>
    void Download(ArrayView<byte> source, nint destination);

    /// <summary>Starts a copy on the device; the views do not overlap.</summary>
    void Copy(ArrayView<byte> source, ArrayView<byte> destination);

    /// <summary>Starts setting bytes to zero.</summary>
    void Clear(ArrayView<byte> target);

    /// <summary>Compiles a kernel at its first use.</summary>
    Action<KernelConfig, TArguments> Load<TArguments>(Action<TArguments> kernel) where TArguments : struct;

    /// <summary>Waits for all that was started.</summary>
    void Synchronize();
}
