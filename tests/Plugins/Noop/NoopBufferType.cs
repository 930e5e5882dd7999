using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Tests.Noop;

/// <summary>A type of which there are no buffers.</summary>
internal sealed class NoopBufferType : IBufferType
{
    public string Name => "noop";

    public nuint BaseAlignment => 1;

    public nuint TensorAlignment => 1;

    public nuint MaxLength => 0;

    public BufferTraits Traits => default;

    public nuint AllocationSize(in TensorSpec tensor) => checked((nuint)tensor.ByteLength);

    public IBuffer Allocate(in BufferRequest request) => throw new UnsupportedException("noop stores nothing.");
}
