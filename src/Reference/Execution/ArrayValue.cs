using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Execution;

/// <summary>A value in an array.</summary>
public sealed class ArrayValue : ReferenceValue
{
    private readonly double[] _elements;

    /// <summary>Creates a value of zeros with room for <paramref name="bound"/>.</summary>
    public ArrayValue(TensorType type, TensorShape bound) : base(type, bound) => _elements = new double[bound.ElementCount];

    /// <summary>The elements of the current extents.</summary>
    public Span<double> Elements => _elements.AsSpan(0, (int)Shape.ElementCount);

    /// <inheritdoc/>
    public override Span<double> Row(long row) => Elements.Slice((int)(row * Shape.D0), (int)Shape.D0);
}
