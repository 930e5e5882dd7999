using Hotplug.Abstractions.Tensors;

namespace Hotplug.FarMemory.KvCache;

/// <summary>The keys or the values of one layer in a page.</summary>
internal sealed record FarKvPart(int Offset, TensorType Type, int ElementBytes, int Width, int Heads, int PageTokens)
{
    public long Bytes => (long)Width * Heads * ElementBytes * PageTokens;

    /// <summary>Byte in the page of element <paramref name="element"/> (counted over all heads) of a cell.</summary>
    public int Place(int element, int cell) => Offset + (element * PageTokens + cell) * ElementBytes;
}
