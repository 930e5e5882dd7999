using System.Reflection;
using Hotplug.Abstractions.Devices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Hotplug.Gpu.Drivers;

/// <summary>An accelerator of ILGPU. Owns it, and its context.</summary>
internal sealed class IlgpuDriver : IGpuDriver
{
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly Dictionary<MethodInfo, Delegate> _kernels = [];
    private readonly Dictionary<(nint Pointer, long Bytes), CPUMemoryBuffer> _host = [];
    private readonly bool _reportsFree;

    /// <summary>Opens a device. On the device's own thread, like everything later.</summary>
    public IlgpuDriver(DriverFacts facts, Context context, Device device)
    {
        (Facts, _context) = (facts, context);
        _accelerator = device.CreateAccelerator(context);
        _stream = _accelerator.DefaultStream;
        _reportsFree = _accelerator is CudaAccelerator;
    }

    public DriverFacts Facts { get; }

    public DeviceMemory QueryMemory()
    {
        ulong? free = null;
        try
        {
            if (_reportsFree) free = (ulong)((CudaAccelerator)_accelerator).GetFreeMemory();
        }
        catch (CudaException)
        {
            return new(null, null);
        }
        return new((ulong?)Facts.TotalMemory, free);
    }

    // Words, so that no view over a part of it begins or ends inside of one.
    public IGpuMemory Allocate(long bytes) => new IlgpuMemory(_accelerator.AllocateRaw((bytes + 3) / 4 * 4, 1));

    public IGpuMemory Adopt(nint pointer, long bytes) => new IlgpuMemory(CPUMemoryBuffer.Create(_accelerator, pointer, bytes, 1));

    public IDisposable? PageLock(nint pointer, long bytes)
        => _accelerator is CudaAccelerator ? _accelerator.CreatePageLockFromPinned<byte>(pointer, bytes) : null;

    public void Upload(nint source, ArrayView<byte> destination)
    {
        ArrayView<byte> host = View(source, destination.Length);
        destination.CopyFrom(_stream, host);
    }

    public void Download(ArrayView<byte> source, nint destination) => source.CopyTo(_stream, View(destination, source.Length));

    public void Copy(ArrayView<byte> source, ArrayView<byte> destination) => source.CopyTo(_stream, destination);

    public void Clear(ArrayView<byte> target) => target.MemSetToZero(_stream);

    public Action<KernelConfig, TArguments> Load<TArguments>(Action<TArguments> kernel) where TArguments : struct
    {
        if (_kernels.TryGetValue(kernel.Method, out var known)) return (Action<KernelConfig, TArguments>)known;
        var loaded = _accelerator.LoadStreamKernel(kernel);
        _kernels.Add(kernel.Method, loaded);
        return loaded;
    }

    public void Synchronize() => _stream.Synchronize();

    public void Dispose()
    {
        _kernels.Clear();
        foreach (var view in _host.Values) view.Dispose();
        _host.Clear();
        _accelerator.Dispose();
        _context.Dispose();
    }

    // A view of host memory ends where the copy ends: the OpenCL back end copies whole host buffers. Kept, because the same stretches are used again and again.
    private ArrayView<byte> View(nint pointer, long bytes)
    {
        if (!_host.TryGetValue((pointer, bytes), out var buffer))
        {
            if (_host.Count == 64)
            {
                _stream.Synchronize();
                foreach (var old in _host.Values) old.Dispose();
                _host.Clear();
            }
            _host.Add((pointer, bytes), buffer = CPUMemoryBuffer.Create(_accelerator, pointer, bytes, 1));
        }
        return new ArrayView<byte>(buffer, 0, bytes);
    }
}
