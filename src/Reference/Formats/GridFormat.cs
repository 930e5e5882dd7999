namespace Hotplug.Reference.Formats;

/// <summary>A type whose codes number entries of a codebook. It can be read; writing it well takes a search over the codebook, guided by how much each element matters.</summary>
internal abstract class GridFormat : BlockFormat
{
    public sealed override bool CanEncode => false;

    public sealed override void Encode(ReadOnlySpan<float> values, Span<byte> block)
        => throw new NotSupportedException($"{Type} can be read, not written. Writable: {string.Join(", ", Quantizer.Types)}.");

    /// <summary>1, or −1 where bit <paramref name="i"/> of the signs is set.</summary>
    protected static int Sign(int signs, int i) => (signs >> i & 1) == 0 ? 1 : -1;
}
