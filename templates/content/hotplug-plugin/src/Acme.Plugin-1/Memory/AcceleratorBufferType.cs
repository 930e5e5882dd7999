using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Acme.Plugin_1.Memory;

/// <summary>How the device stores tensors: as they are in the file, in memory that the host cannot see.</summary>
internal sealed class AcceleratorBufferType(Heap heap) : IBufferType
{
    public string Name => "plugin-id";

    public nuint BaseAlignment => 64;

    public nuint TensorAlignment => 32;

    public nuint MaxLength => 1u << 30;

    public BufferTraits Traits => new() { StandardLayout = true, Residency = Residency.Unknown };

    public Heap Heap => heap;

    // More than the standard bytes where the device wants padding, or another layout.
    public nuint AllocationSize(in TensorSpec tensor) => checked((nuint)tensor.ByteLength);

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        return new AcceleratorBuffer(this, request, heap.Allocate(Name, request.Length));
    }
}
