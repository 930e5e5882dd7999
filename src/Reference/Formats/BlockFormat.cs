using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>One tensor type, block by block: what its bytes mean, and how to make such bytes. Stateless.</summary>
internal abstract class BlockFormat
{
    /// <summary>The type.</summary>
    public abstract TensorType Type { get; }

    /// <summary>Elements of a block as the plain single-precision formula gives them.</summary>
    public abstract void Decode(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>
    /// Per element the sum of the absolute values of the terms its formula adds, such as |q·d| + |m|. Rounding errors of a product are proportional to
    /// it rather than to the element, because backends sum the terms apart.
    /// </summary>
    public virtual void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        Decode(block, magnitudes);
        foreach (ref var value in magnitudes) value = MathF.Abs(value);
    }

    /// <summary>True if <see cref="Encode"/> works.</summary>
    public virtual bool CanEncode => true;

    /// <summary>The nearest block that a simple method finds; not the best one.</summary>
    public abstract void Encode(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>A random block all of whose elements are finite.</summary>
    public abstract void Randomize(Random random, BlockKind kind, Span<byte> block);
}
