using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Metal.Memory;

/// <summary>One of a device's buffer types. Weights lie as in a GGUF file in all of them.</summary>
internal sealed class MetalBufferType(MetalGpu device, string name, MetalBufferKind kind) : IBufferType
{
    public MetalGpu Device => device;

    public MetalBufferKind Kind => kind;

    public string Name => name;

    // What Metal wraps begins at a page.
    public nuint BaseAlignment => kind == MetalBufferKind.Private ? 256u : (nuint)device.PageSize;

    // What adopts mapped files takes tensors as GGUF aligns them.
    public nuint TensorAlignment => kind == MetalBufferKind.Mapped ? 32u : 256u;

    public nuint MaxLength => (nuint)device.MaxAllocation;

    public BufferTraits Traits => new()
    {
        HostVisible = kind != MetalBufferKind.Private,
        StandardLayout = true,
        Adopts = kind == MetalBufferKind.Mapped,
        // Host memory the host locks. What is private stays while a residency set keeps it, which rests when the device does and older systems do not have; then the system may move it.
        Residency = kind == MetalBufferKind.Private ? Residency.Unknown : Residency.Pageable,
    };

    public nuint AllocationSize(in TensorSpec tensor) => checked((nuint)tensor.ByteLength);

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        return kind == MetalBufferKind.Private ? new PrivateBuffer(this, request) : new HostBuffer(this, request);
    }
}
