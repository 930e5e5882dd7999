using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Testing.Memory;

/// <summary>A buffer type of a backend that nobody knows, in memory that nobody reaches.</summary>
internal sealed class UnreachableBufferType : IBufferType
{
    public static UnreachableBufferType Instance { get; } = new();

    public string Name => "unreachable";

    public nuint BaseAlignment => 4096;

    public nuint TensorAlignment => 32;

    public nuint MaxLength => 1 << 20;

    public BufferTraits Traits => new() { Residency = Residency.Resident };

    public nuint AllocationSize(in TensorSpec tensor) => (nuint)tensor.ByteLength;

    public IBuffer Allocate(in BufferRequest request) => throw new UnsupportedException("This type makes no buffers; it is asked about only.");
}
