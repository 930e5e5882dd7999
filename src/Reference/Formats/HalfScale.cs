using System.Buffers.Binary;

namespace Hotplug.Reference.Formats;

/// <summary>Half-precision fields of blocks.</summary>
internal static class HalfScale
{
    /// <summary>Largest finite half.</summary>
    public const float Largest = 65504f;

    public static float Read(ReadOnlySpan<byte> block, int offset) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[offset..]);

    public static void Write(Span<byte> block, int offset, float value) => BinaryPrimitives.WriteHalfLittleEndian(block[offset..], (Half)value);

    /// <summary>A random scale of the kind; <paramref name="ordinary"/> is the size of an ordinary one.</summary>
    public static float Random(Random random, BlockKind kind, float ordinary) => kind switch
    {
        BlockKind.Zero => 0f,
        BlockKind.Subnormal => random.Next(1, 1024) * MathF.ScaleB(1f, -24),
        BlockKind.Extreme => random.Next(4) == 0 ? Largest : Largest * (0.5f + random.NextSingle() / 2),
        _ => ordinary * (0.25f + random.NextSingle()),
    };

    /// <summary>The same with either sign.</summary>
    public static float RandomSigned(Random random, BlockKind kind, float ordinary)
        => random.Next(2) == 0 ? Random(random, kind, ordinary) : -Random(random, kind, ordinary);
}
