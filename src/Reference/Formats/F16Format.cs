using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Half precision, rounded to nearest even.</summary>
internal sealed class F16Format : BlockFormat
{
    public override TensorType Type => TensorType.F16;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values) => values[0] = HalfScale.Read(block, 0);

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block) => HalfScale.Write(block, 0, values[0]);

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        var unit = random.NextSingle() * 2 - 1;
        BinaryPrimitives.WriteHalfLittleEndian(block, kind == BlockKind.Extreme
            ? (Half)(unit * HalfScale.Largest)
            : (Half)F32Format.Element(random, kind, subnormal: MathF.ScaleB(1f, -14)));
    }
}
