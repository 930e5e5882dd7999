using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>A byte e that is a power of two, 2^(e − 127), and sixteen bytes of nibbles, the low ones first, of 4-bit floating point (OCP MX specification, v1.0).</summary>
internal sealed class MXFP4Format : BlockFormat
{
    public override TensorType Type => TensorType.MXFP4;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfOf(block[0]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = Codebook.Fp4Levels[block[1 + i] & 15] * scale;
            values[i + 16] = Codebook.Fp4Levels[block[1 + i] >> 4] * scale;
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = MathF.Abs(Codes.Largest(values));
        block[0] = largest == 0 ? (byte)0 : (byte)Math.Clamp(MathF.ILogB(largest) - 2 + 127, 0, 254);
        // Six is the largest of the numbers, so seven of their smallest may be needed.
        if (largest > 6 * 2 * HalfOf(block[0]) && block[0] < 254) block[0]++;
        var scale = HalfOf(block[0]);
        for (var i = 0; i < 16; i++)
            block[1 + i] = (byte)(Codes.NearestLevel(values[i], scale, Codebook.Fp4Levels) | (Codes.NearestLevel(values[i + 16], scale, Codebook.Fp4Levels) << 4));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        block[0] = (byte)(kind switch
        {
            BlockKind.Subnormal => random.Next(3),
            BlockKind.Extreme => 127 + 37 - random.Next(2),
            _ => 124 + random.Next(4),
        });
        // No power of two is zero, but two of the numbers are.
        if (kind == BlockKind.Zero)
            for (var i = 1; i < block.Length; i++) block[i] &= 0x88;
    }

    /// <summary>Half of the power of two, because the levels are doubled; subnormal for the two smallest.</summary>
    private static float HalfOf(byte exponent)
        => BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);
}
