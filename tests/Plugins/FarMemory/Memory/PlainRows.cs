using Hotplug.Abstractions.Tensors;

namespace Hotplug.FarMemory.Memory;

/// <summary>The standard layout, with a tail that nobody writes.</summary>
internal sealed class PlainRows : RowLayout
{
    private const int Tail = 32;

    public override nuint Size(in TensorSpec tensor) => checked((nuint)tensor.ByteLength + Tail);

    public override void Write(Span<byte> memory, in TensorSpec tensor, long row, ReadOnlySpan<byte> bytes)
        => bytes.CopyTo(memory[(int)(row * tensor.RowBytes)..]);

    public override void Read(ReadOnlySpan<byte> memory, in TensorSpec tensor, long row, Span<byte> bytes)
        => memory.Slice((int)(row * tensor.RowBytes), bytes.Length).CopyTo(bytes);
}
