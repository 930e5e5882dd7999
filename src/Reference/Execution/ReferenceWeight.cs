using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.Reference.Execution;

/// <summary>A weight: dequantised rows, and the bytes they came from if it has any.</summary>
public sealed class ReferenceWeight : ReferenceOperand
{
    private readonly float[] _elements;
    private readonly byte[]? _bytes;

    private ReferenceWeight(TensorType type, TensorShape shape, float[] elements, byte[]? bytes)
        => (Type, Shape, _elements, _bytes) = (type, shape, elements, bytes);

    /// <summary>Takes a tensor in the standard layout of its type; the bytes are copied.</summary>
    /// <exception cref="NotSupportedException">The type cannot be read.</exception>
    /// <exception cref="ArgumentException">The bytes are not those of the tensor.</exception>
    public static ReferenceWeight FromBytes(TensorSpec spec, ReadOnlySpan<byte> bytes)
    {
        var elements = new float[spec.Shape.ElementCount];
        Dequantizer.Read(spec.Type, bytes, elements);
        return new ReferenceWeight(spec.Type, spec.Shape, elements, bytes.ToArray());
    }

    /// <summary>Takes elements that are the tensor as it is; they are not copied.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the shape.</exception>
    public static ReferenceWeight FromElements(TensorShape shape, float[] elements)
        => elements.Length == shape.ElementCount
            ? new ReferenceWeight(TensorType.F32, shape, elements, null)
            : throw new ArgumentException($"A tensor {shape} has {shape.ElementCount} elements, not {elements.Length}.", nameof(elements));

    /// <inheritdoc/>
    public override TensorShape Shape { get; }

    /// <inheritdoc/>
    public override TensorType Type { get; }

    /// <summary>The dequantised elements.</summary>
    public ReadOnlySpan<float> Elements => _elements;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Row(long row, Span<double> scratch)
    {
        var elements = _elements.AsSpan((int)(row * Shape.D0), (int)Shape.D0);
        var numbers = scratch[..elements.Length];
        for (var i = 0; i < elements.Length; i++) numbers[i] = elements[i];
        return numbers;
    }

    /// <inheritdoc/>
    public override void Magnitudes(long row, Span<double> magnitudes)
    {
        if (_bytes is null)
        {
            base.Magnitudes(row, magnitudes);
            return;
        }
        var singles = new float[magnitudes.Length];
        var rowBytes = (int)Type.RowBytes(Shape.D0);
        Dequantizer.ReadMagnitudes(Type, _bytes.AsSpan((int)(row * rowBytes), rowBytes), singles);
        for (var i = 0; i < singles.Length; i++) magnitudes[i] = singles[i];
    }
}
