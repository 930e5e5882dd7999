using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Elements as they are.</summary>
internal sealed class F32Quantizer : RowQuantizer
{
    public override TensorType Type => TensorType.F32;

    public override void Write(ReadOnlySpan<float> values, Span<byte> row)
    {
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(row[(4 * i)..], values[i]);
    }
}
