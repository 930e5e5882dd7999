namespace Hotplug.Abstractions.Tensors;

/// <summary>What a tensor is, wherever it lies: name, type and shape. The standard layout is dense, rows in order, no padding between rows.</summary>
public readonly record struct TensorSpec
{
    /// <summary>Name for messages; empty if it has none.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Element type.</summary>
    public required TensorType Type { get; init; }

    /// <summary>Extents, innermost first.</summary>
    public required TensorShape Shape { get; init; }

    /// <summary>Bytes of one row in the standard layout.</summary>
    public long RowBytes => Type.RowBytes(Shape.D0);

    /// <summary>Number of rows.</summary>
    public long RowCount => Shape.RowCount;

    /// <summary>Bytes of the whole tensor in the standard layout.</summary>
    /// <exception cref="OverflowException">They do not fit 63 bits.</exception>
    public long ByteLength => checked(RowBytes * RowCount);

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? $"{Type} {Shape}" : $"{Name} {Type} {Shape}";
}
