using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Random valid rows of a tensor type: every code may occur and every element is finite. The same seed gives the same bytes.</summary>
public static class RandomBlocks
{
    /// <summary>Fills bytes with random blocks.</summary>
    /// <param name="type">The type.</param>
    /// <param name="kind">What numbers they hold.</param>
    /// <param name="random">Source of randomness; not shared with other threads.</param>
    /// <param name="bytes">Room for whole blocks.</param>
    /// <exception cref="NotSupportedException">The type cannot be made.</exception>
    /// <exception cref="ArgumentException">The bytes are no whole number of blocks.</exception>
    public static void Fill(TensorType type, BlockKind kind, Random random, Span<byte> bytes)
    {
        var format = BlockFormats.Get(type);
        var size = type.BlockBytes();
        if (bytes.Length % size != 0)
            throw new ArgumentException($"{bytes.Length} bytes are not a whole number of {type} blocks ({size} bytes each).", nameof(bytes));
        for (var offset = 0; offset < bytes.Length; offset += size)
            format.Randomize(random, kind == BlockKind.Mixed ? (BlockKind)random.Next((int)BlockKind.Mixed) : kind, bytes.Slice(offset, size));
    }

    /// <summary>Makes a tensor of random blocks in the standard layout.</summary>
    /// <exception cref="NotSupportedException">The type cannot be made.</exception>
    public static byte[] Make(TensorSpec spec, BlockKind kind, Random random)
    {
        var bytes = new byte[spec.ByteLength];
        Fill(spec.Type, kind, random, bytes);
        return bytes;
    }
}
