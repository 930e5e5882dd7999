using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Execution;

/// <summary>
/// What an operation writes: F32 or I32 numbers kept in double precision. Storage is made once for the largest extents and used from its start for smaller ones;
/// derive to put it somewhere else than in an array. Not safe for several threads at once.
/// </summary>
public abstract class ReferenceValue : ReferenceOperand
{
    private TensorShape _shape;

    /// <summary>Creates a value with room for <paramref name="bound"/>.</summary>
    protected ReferenceValue(TensorType type, TensorShape bound) => (Type, Bound, _shape) = (type, bound, bound);

    /// <summary>The largest extents.</summary>
    public TensorShape Bound { get; }

    /// <inheritdoc/>
    public override TensorType Type { get; }

    /// <inheritdoc/>
    public override TensorShape Shape => _shape;

    /// <summary>Sets the extents of the step; the row length stays, except that of a vector.</summary>
    /// <exception cref="ArgumentException">They exceed the bound, or the row length differs.</exception>
    public void Resize(TensorShape shape)
    {
        var fits = shape.D0 == Bound.D0 ? shape.RowCount <= Bound.RowCount : Bound.Rank == 1 && shape.Rank == 1 && shape.D0 <= Bound.D0;
        if (!fits)
            throw new ArgumentException($"Extents {shape} do not fit the bound {Bound}.", nameof(shape));
        _shape = shape;
    }

    /// <summary>A row, for reading and writing.</summary>
    public abstract Span<double> Row(long row);

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<double> Row(long row, Span<double> scratch) => Row(row);

    /// <summary>Rounds all elements to single precision.</summary>
    public void RoundToSingle()
    {
        for (var r = 0L; r < Shape.RowCount; r++)
            foreach (ref var element in Row(r)) element = (float)element;
    }
}
