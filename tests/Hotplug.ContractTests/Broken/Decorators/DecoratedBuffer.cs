using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedBuffer(DecoratedBufferType type, IBuffer inner, Flaw flaw) : IBuffer
{
    public IBuffer Inner => inner;

    public IBufferType Type => type;

    public AddressRange Range => flaw.Range(inner);

    public nuint Length => inner.Length;

    public BufferUsage Usage => flaw.Usage(inner);

    public bool IsReadOnly => inner.IsReadOnly;

    public bool TryGetPointer(out nint pointer) => inner.TryGetPointer(out pointer);

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows) => flaw.Write(inner, Unwrap(tensor), firstRow, rows);

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows) => flaw.Read(inner, Unwrap(tensor), firstRow, rows);

    public void Clear(nuint offset, nuint length) => flaw.Clear(inner, offset, length);

    public void Dispose() => flaw.Dispose(inner);

    public static TensorRef Unwrap(TensorRef tensor) => new(tensor.Buffer is DecoratedBuffer own ? own.Inner : tensor.Buffer, tensor.Offset, tensor.Spec);
}
