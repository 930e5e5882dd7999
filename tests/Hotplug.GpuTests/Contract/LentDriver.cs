using Hotplug.Abstractions.Devices;
using Hotplug.Gpu.Drivers;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.GpuTests.Contract;

/// <summary>A driver of a <see cref="KeptDevice"/> in the hands of one backend. Counts what is open, and refuses what comes after its end.</summary>
internal sealed class LentDriver(KeptDevice owner, IGpuDriver inner) : IGpuDriver
{
    private int _open;
    private bool _ended;

    public DriverFacts Facts => inner.Facts;

    public DeviceMemory QueryMemory() => inner.QueryMemory();

    public IGpuMemory Allocate(long bytes) => new Held(this, Inner.Allocate(bytes));

    public IGpuMemory Adopt(nint pointer, long bytes) => new Held(this, Inner.Adopt(pointer, bytes));

    public IDisposable? PageLock(nint pointer, long bytes) => Inner.PageLock(pointer, bytes) is { } locked ? new Held(this, locked) : null;

    public void Upload(nint source, ArrayView<byte> destination) => Inner.Upload(source, destination);

    public void Download(ArrayView<byte> source, nint destination) => Inner.Download(source, destination);

    public void Copy(ArrayView<byte> source, ArrayView<byte> destination) => Inner.Copy(source, destination);

    public void Clear(ArrayView<byte> target) => Inner.Clear(target);

    public Action<KernelConfig, TArguments> Load<TArguments>(Action<TArguments> kernel) where TArguments : struct => Inner.Load(kernel);

    public void Synchronize() => Inner.Synchronize();

    /// <exception cref="InvalidOperationException">Something is still open.</exception>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        inner.Synchronize();
        if (_open == 0)
        {
            owner.Return(inner);
            return;
        }
        inner.Dispose();
        throw new InvalidOperationException($"The driver of {Facts.Id} was closed with {_open} blocks of memory or locks open on it.");
    }

    private IGpuDriver Inner => _ended ? throw new ObjectDisposedException($"driver of {Facts.Id}") : inner;

    /// <summary>Something open on the driver.</summary>
    private sealed class Held : IGpuMemory
    {
        private readonly LentDriver _driver;
        private readonly IDisposable _inner;
        private bool _ended;

        public Held(LentDriver driver, IDisposable inner)
        {
            (_driver, _inner) = (driver, inner);
            _driver._open++;
        }

        public ArrayView<byte> View => ((IGpuMemory)_inner).View;

        public void Dispose()
        {
            if (_ended) throw new InvalidOperationException("Memory of a driver was given back for the second time.");
            _ended = true;
            _inner.Dispose();
            _driver._open--;
        }
    }
}
