namespace Hotplug.Testing.Graphs;

/// <summary>KV heads and their widths.</summary>
internal readonly record struct HeadShape(int Heads, int KeyWidth, int ValueWidth)
{
    private static readonly int[] Widths = [2, 6, 16, 32, 64, 80];

    /// <summary>A random shape; values are as wide as keys most often.</summary>
    public HeadShape(Random random) : this(random.Next(1, 4), Widths[random.Next(Widths.Length)], 0)
        => ValueWidth = random.Next(3) == 0 ? Widths[random.Next(Widths.Length)] : KeyWidth;

    public override string ToString() => $"{Heads} heads {KeyWidth}/{ValueWidth}";
}
