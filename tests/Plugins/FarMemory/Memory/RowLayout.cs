using Hotplug.Abstractions.Tensors;

namespace Hotplug.FarMemory.Memory;

/// <summary>Where the bytes of a tensor's rows lie behind its offset. Zero bytes stand for zero bytes, so that cleared memory reads as zeros. Stateless.</summary>
internal abstract class RowLayout
{
    /// <summary>Bytes a tensor occupies, padding included; monotone in every extent.</summary>
    public abstract nuint Size(in TensorSpec tensor);

    /// <summary>Stores a row, given in the standard layout.</summary>
    public abstract void Write(Span<byte> memory, in TensorSpec tensor, long row, ReadOnlySpan<byte> bytes);

    /// <summary>Reads a row in the standard layout.</summary>
    public abstract void Read(ReadOnlySpan<byte> memory, in TensorSpec tensor, long row, Span<byte> bytes);
}
