using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Graphs;

/// <summary>Shape of a graph value, innermost dimension first. Symbols are outer dimensions; the innermost is one only in the results of <c>ArgMax</c>.</summary>
public readonly record struct SymbolicShape
{
    /// <summary>Creates a shape from up to four dimensions, innermost first.</summary>
    public SymbolicShape(Dimension d0, Dimension? d1 = null, Dimension? d2 = null, Dimension? d3 = null)
        => (D0, D1, D2, D3) = (d0, d1 ?? 1, d2 ?? 1, d3 ?? 1);

    /// <summary>Innermost dimension.</summary>
    public Dimension D0 { get; }
    /// <summary>Second dimension.</summary>
    public Dimension D1 { get; }
    /// <summary>Third dimension.</summary>
    public Dimension D2 { get; }
    /// <summary>Outermost dimension.</summary>
    public Dimension D3 { get; }

    /// <summary>The shape when the symbols have the numbers of <paramref name="bounds"/>.</summary>
    public TensorShape Resolve(in StepBounds bounds) => new(D0.Resolve(bounds), D1.Resolve(bounds), D2.Resolve(bounds), D3.Resolve(bounds));

    /// <summary>A shape without symbols.</summary>
    public static implicit operator SymbolicShape(TensorShape shape) => new(shape.D0, shape.D1, shape.D2, shape.D3);

    /// <inheritdoc/>
    public override string ToString() => $"[{D0}, {D1}, {D2}, {D3}]";
}
