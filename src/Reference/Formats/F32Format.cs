using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Single precision.</summary>
internal sealed class F32Format : BlockFormat
{
    public override TensorType Type => TensorType.F32;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values) => values[0] = BinaryPrimitives.ReadSingleLittleEndian(block);

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block) => BinaryPrimitives.WriteSingleLittleEndian(block, values[0]);

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
        => BinaryPrimitives.WriteSingleLittleEndian(block, Element(random, kind, subnormal: MathF.ScaleB(1f, -126)));

    /// <summary>A random element; <paramref name="subnormal"/> is the smallest normal number of the type.</summary>
    internal static float Element(Random random, BlockKind kind, float subnormal)
    {
        var unit = random.NextSingle() * 2 - 1;
        return kind switch
        {
            BlockKind.Zero => random.Next(2) == 0 ? 0f : -0f,
            BlockKind.Subnormal => unit * subnormal,
            BlockKind.Extreme => unit * MathF.ScaleB(1f, 40),
            _ => unit,
        };
    }
}
