using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>The upper half of a single-precision number, rounded to nearest even; a NaN stays one.</summary>
internal sealed class BF16Format : BlockFormat
{
    public override TensorType Type => TensorType.BF16;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values) => values[0] = FromBits(BinaryPrimitives.ReadUInt16LittleEndian(block));

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block) => BinaryPrimitives.WriteUInt16LittleEndian(block, ToBits(values[0]));

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
        => BinaryPrimitives.WriteUInt16LittleEndian(block, ToBits(F32Format.Element(random, kind, subnormal: MathF.ScaleB(1f, -126))));

    internal static float FromBits(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    internal static ushort ToBits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
