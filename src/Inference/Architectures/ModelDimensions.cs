namespace Hotplug.Inference.Architectures;

/// <summary>The extents that all architectures state in the same keys. Arrays have one element per block.</summary>
internal sealed record ModelDimensions
{
    // A count beyond this is a damaged file, not a model: the largest published ones have fewer than 200.
    private const int MaxBlocks = 512;
    private const int MaxHeads = 1 << 16;
    private const int MaxWidth = 1 << 20;

    /// <summary>Blocks.</summary>
    public required int Blocks { get; init; }

    /// <summary>Width of the residual.</summary>
    public required int Width { get; init; }

    /// <summary>Tokens the model was trained to look back on.</summary>
    public required int Context { get; init; }

    /// <summary>Query heads.</summary>
    public required int[] Heads { get; init; }

    /// <summary>Heads of keys and values; each is shared by a whole number of query heads.</summary>
    public required int[] KvHeads { get; init; }

    /// <summary>Elements of a query and of a key per head.</summary>
    public required int KeyWidth { get; init; }

    /// <summary>Elements of a value per head.</summary>
    public required int ValueWidth { get; init; }

    /// <summary>Width of the hidden layer of each block; 0 where the file does not say.</summary>
    public required int[] FeedForward { get; init; }

    public static ModelDimensions Read(ArchitectureKeys keys)
    {
        var blocks = keys.Count("block_count", null, 1, MaxBlocks);
        var width = keys.Count("embedding_length", null, 1, MaxWidth);
        var heads = keys.PerBlock("attention.head_count", blocks, null, 1, MaxHeads);
        var kvHeads = keys.Contains("attention.head_count_kv") ? keys.PerBlock("attention.head_count_kv", blocks, null, 1, MaxHeads) : heads;
        for (var i = 0; i < blocks; i++)
            if (heads[i] % kvHeads[i] != 0)
                throw keys.Invalid("attention.head_count_kv", $"{kvHeads[i]} KV heads do not divide {heads[i]} heads", "convert the model anew");
        var keyWidth = HeadWidth("attention.key_length");
        var valueWidth = HeadWidth("attention.value_length");
        return new()
        {
            Blocks = blocks,
            Width = width,
            Context = keys.Count("context_length", null, 1, int.MaxValue),
            Heads = heads,
            KvHeads = kvHeads,
            KeyWidth = keyWidth,
            ValueWidth = valueWidth,
            FeedForward = keys.PerBlock("feed_forward_length", blocks, 0, 0, 1 << 24),
        };

        int HeadWidth(string key)
        {
            if (!keys.Contains(key) && width % heads[0] != 0)
                throw keys.Invalid("attention.head_count", $"{heads[0]} heads do not divide a width of {width}", "convert the model anew");
            return keys.Count(key, width / heads[0], 1, MaxHeads);
        }
    }

    /// <summary>1/√(elements of a key): the usual factor on scores.</summary>
    public float UsualScale => 1f / MathF.Sqrt(KeyWidth);
}
