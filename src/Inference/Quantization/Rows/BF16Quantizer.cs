using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>The upper half of single precision, to nearest even.</summary>
internal sealed class BF16Quantizer : RowQuantizer
{
    public override TensorType Type => TensorType.BF16;

    public override void Write(ReadOnlySpan<float> values, Span<byte> row)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            var rounded = (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
            if ((rounded & 0x7F80) == 0x7F80) throw new OverflowException($"{values[i]} is beyond the range of {Type}");
            BinaryPrimitives.WriteUInt16LittleEndian(row[(2 * i)..], rounded);
        }
    }
}
