using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;

namespace Hotplug.Gpu.Memory;

/// <summary>One of a device's buffer types.</summary>
internal sealed class GpuBufferType(GpuDevice device, string name, GpuBufferKind kind) : IBufferType
{
    public GpuDevice Device => device;

    public GpuBufferKind Kind => kind;

    public string Name => name;

    public bool OnDevice => kind is GpuBufferKind.Packed or GpuBufferKind.Plain;

    public nuint BaseAlignment => OnDevice ? 256u : 64u;

    // What adopts mapped files takes tensors as GGUF aligns them.
    public nuint TensorAlignment => kind == GpuBufferKind.Host ? 32u : 256u;

    public nuint MaxLength => (nuint)device.MaxAllocation;

    public BufferTraits Traits => new()
    {
        HostVisible = !OnDevice,
        StandardLayout = kind != GpuBufferKind.Packed,
        Adopts = kind == GpuBufferKind.Host,
        Residency = OnDevice ? device.Facts.Residency : Residency.Pageable,
    };

    public nuint AllocationSize(in TensorSpec tensor) => kind switch
    {
        GpuBufferKind.Packed => checked((nuint)PackedFormat.For(tensor.Type).TensorBytes(tensor)),
        // Kernels see words.
        GpuBufferKind.Plain => checked((nuint)(tensor.ByteLength + 3) & ~(nuint)3),
        _ => checked((nuint)tensor.ByteLength),
    };

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        return OnDevice ? new DeviceBuffer(this, request) : new HostBuffer(this, request);
    }
}
