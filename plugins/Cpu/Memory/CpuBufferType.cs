using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Cpu.Memory;

/// <summary>Host memory in the standard layout, adopted where it lies.</summary>
internal sealed class CpuBufferType : IBufferType
{
    public static CpuBufferType Instance { get; } = new();

    public string Name => "cpu";
    /// <summary>A cache line.</summary>
    public nuint BaseAlignment => 64;
    public nuint TensorAlignment => 32;
    /// <summary>The address space of a process: the host's memory is the limit.</summary>
    public nuint MaxLength => nuint.Size == 8 ? unchecked((nuint)(1UL << 47)) : int.MaxValue;
    public BufferTraits Traits => new() { HostVisible = true, StandardLayout = true, Adopts = true, Residency = Residency.Pageable };
    public nuint AllocationSize(in TensorSpec tensor) => checked((nuint)tensor.ByteLength);

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        return new CpuBuffer(this, request);
    }
}
