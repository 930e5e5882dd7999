using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.Tensors;

/// <summary>
/// A tensor at its place: what it is, the buffer it lies in and the offset there.
/// What a plugin receives always names one of its own physical buffers, never a composite or a view.
/// </summary>
public readonly record struct TensorRef
{
    /// <summary>Creates a reference to a tensor <paramref name="offset"/> bytes behind the start of <paramref name="buffer"/>.</summary>
    public TensorRef(IBuffer buffer, nuint offset, TensorSpec spec) => (Buffer, Offset, Spec) = (buffer, offset, spec);

    /// <summary>The buffer the tensor lies in.</summary>
    public IBuffer Buffer { get; }

    /// <summary>Bytes from the start of <see cref="Buffer"/>.</summary>
    public nuint Offset { get; }

    /// <summary>Type, shape and name.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The tensor's address: an identity, memory only where the buffer gives a pointer.</summary>
    public nuint Address => Buffer.Range.Start + Offset;
}
