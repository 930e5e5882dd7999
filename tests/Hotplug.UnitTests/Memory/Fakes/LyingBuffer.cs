using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>Passes everything on to an honest buffer, but for the facts that a test replaces.</summary>
internal sealed class LyingBuffer(FakeBuffer honest) : IBuffer
{
    public IBufferType? OtherType { get; init; }

    public AddressRange? OtherRange { get; init; }

    public nuint? OtherLength { get; init; }

    public BufferUsage? OtherUsage { get; init; }

    public bool? OtherReadOnly { get; init; }

    public (bool, nint)? OtherPointer { get; init; }

    public IBufferType Type => OtherType ?? honest.Type;

    public AddressRange Range => OtherRange ?? honest.Range;

    public nuint Length => OtherLength ?? honest.Length;

    public BufferUsage Usage => OtherUsage ?? honest.Usage;

    public bool IsReadOnly => OtherReadOnly ?? honest.IsReadOnly;

    public bool TryGetPointer(out nint pointer)
    {
        if (OtherPointer is not { } other)
            return honest.TryGetPointer(out pointer);
        pointer = other.Item2;
        return other.Item1;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows) => honest.Write(new TensorRef(honest, tensor.Offset, tensor.Spec), firstRow, rows);

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows) => honest.Read(new TensorRef(honest, tensor.Offset, tensor.Spec), firstRow, rows);

    public void Clear(nuint offset, nuint length) => honest.Clear(offset, length);

    public void Dispose() => honest.Dispose();
}
