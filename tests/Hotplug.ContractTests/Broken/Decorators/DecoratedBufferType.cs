using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedBufferType(IBufferType inner, Flaw flaw) : IBufferType
{
    public IBufferType Inner => inner;

    public string Name => inner.Name;

    public nuint BaseAlignment => inner.BaseAlignment;

    public nuint TensorAlignment => inner.TensorAlignment;

    public nuint MaxLength => inner.MaxLength;

    public BufferTraits Traits => inner.Traits;

    public nuint AllocationSize(in TensorSpec tensor) => flaw.AllocationSize(inner, tensor);

    public IBuffer Allocate(in BufferRequest request) => new DecoratedBuffer(this, flaw.Allocate(inner, request), flaw);
}
