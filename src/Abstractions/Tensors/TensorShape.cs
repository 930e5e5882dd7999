namespace Hotplug.Abstractions.Tensors;

/// <summary>
/// Extents of a dense tensor, innermost first as in GGUF: <c>[D0, D1, D2, D3]</c>; unused outer dimensions are 1.
/// A zero extent makes an empty tensor, which is legal.
/// </summary>
public readonly record struct TensorShape
{
    /// <summary>Creates a shape from up to four extents, innermost first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An extent is negative.</exception>
    public TensorShape(long d0, long d1 = 1, long d2 = 1, long d3 = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(d0);
        ArgumentOutOfRangeException.ThrowIfNegative(d1);
        ArgumentOutOfRangeException.ThrowIfNegative(d2);
        ArgumentOutOfRangeException.ThrowIfNegative(d3);
        (D0, D1, D2, D3) = (d0, d1, d2, d3);
    }

    /// <summary>Innermost extent: elements of a row.</summary>
    public long D0 { get; }
    /// <summary>Second extent.</summary>
    public long D1 { get; }
    /// <summary>Third extent.</summary>
    public long D2 { get; }
    /// <summary>Outermost extent.</summary>
    public long D3 { get; }

    /// <summary>Extent <paramref name="dimension"/>, 0 (innermost) to 3.</summary>
    public long this[int dimension] => dimension switch
    {
        0 => D0,
        1 => D1,
        2 => D2,
        3 => D3,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A tensor has four dimensions, 0 to 3."),
    };

    /// <summary>Rows of the tensor: the product of all extents but the innermost.</summary>
    /// <exception cref="OverflowException">The product does not fit 63 bits.</exception>
    public long RowCount => checked(D1 * D2 * D3);

    /// <summary>Elements of the tensor.</summary>
    /// <exception cref="OverflowException">The product does not fit 63 bits.</exception>
    public long ElementCount => checked(D0 * D1 * D2 * D3);

    /// <summary>Dimensions up to the last extent other than 1, at least 1.</summary>
    public int Rank => D3 != 1 ? 4 : D2 != 1 ? 3 : D1 != 1 ? 2 : 1;

    /// <inheritdoc/>
    public override string ToString() => Rank switch
    {
        4 => $"[{D0}, {D1}, {D2}, {D3}]",
        3 => $"[{D0}, {D1}, {D2}]",
        2 => $"[{D0}, {D1}]",
        _ => $"[{D0}]",
    };
}
