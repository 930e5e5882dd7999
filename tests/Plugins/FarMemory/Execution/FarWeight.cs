using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Memory;
using Hotplug.Reference.Execution;

namespace Hotplug.FarMemory.Execution;

/// <summary>A weight where it lies; dequantised at its first use and again when its buffer has changed.</summary>
internal sealed class FarWeight(TensorRef place) : ReferenceOperand
{
    private readonly FarBuffer _buffer = (FarBuffer)place.Buffer;
    private float[] _elements = [];
    private int _version = -1;

    public override TensorShape Shape => place.Spec.Shape;

    public override TensorType Type => place.Spec.Type;

    public override ReadOnlySpan<double> Row(long row, Span<double> scratch)
    {
        if (_version != _buffer.Version) (_elements, _version) = (_buffer.Dequantized(place.Offset, place.Spec), _buffer.Version);
        var elements = _elements.AsSpan((int)(row * Shape.D0), (int)Shape.D0);
        var numbers = scratch[..elements.Length];
        for (var i = 0; i < elements.Length; i++) numbers[i] = elements[i];
        return numbers;
    }
}
