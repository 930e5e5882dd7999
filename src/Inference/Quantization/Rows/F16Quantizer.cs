using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Half precision, to nearest even.</summary>
internal sealed class F16Quantizer : RowQuantizer
{
    public override TensorType Type => TensorType.F16;

    public override void Write(ReadOnlySpan<float> values, Span<byte> row)
    {
        for (var i = 0; i < values.Length; i++) BlockScale.Write(row, 2 * i, values[i]);
    }
}
