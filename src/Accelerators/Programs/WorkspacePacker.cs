namespace Hotplug.Accelerators.Programs;

/// <summary>
/// Packs values into blocks so that those whose lives overlap do not share bytes: the largest first, each at the lowest place that is free in the first block that
/// can have it. No block grows beyond the largest allocation.
/// </summary>
internal sealed class WorkspacePacker(long largest)
{
    // Wide enough for every vector access and for the offset rules of the drivers.
    public const long Alignment = 256;

    private readonly List<Item> _items = [];
    private readonly List<List<Item>> _placed = [];
    private readonly List<long> _lengths = [];

    /// <summary>Bytes of each block.</summary>
    public IReadOnlyList<nuint> Blocks => [.. _lengths.Select(l => (nuint)l)];

    /// <summary>Adds bytes that live from step <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public Item Add(long bytes, int first, int last)
    {
        var item = new Item(checked((bytes + Alignment - 1) / Alignment * Alignment), first, last);
        _items.Add(item);
        return item;
    }

    /// <summary>Places everything that was added.</summary>
    public void Pack()
    {
        foreach (var item in _items.OrderByDescending(i => i.Bytes).ThenBy(i => i.First))
        {
            var block = 0;
            long offset = 0;
            while (block < _placed.Count && (offset = Lowest(_placed[block], item)) + item.Bytes > largest) block++;
            if (block == _placed.Count)
            {
                _placed.Add([]);
                _lengths.Add(0);
                offset = 0;
            }
            (item.Block, item.Offset) = (block, offset);
            _placed[block].Add(item);
            _lengths[block] = Math.Max(_lengths[block], offset + item.Bytes);
        }
    }

    private static long Lowest(List<Item> placed, Item item)
    {
        long offset = 0;
        foreach (var other in placed.Where(o => o.First <= item.Last && item.First <= o.Last).OrderBy(o => o.Offset))
        {
            if (other.Offset >= offset + item.Bytes) break;
            offset = Math.Max(offset, other.Offset + other.Bytes);
        }
        return offset;
    }

    internal sealed class Item(long bytes, int first, int last)
    {
        public long Bytes { get; } = bytes;
        public int First { get; } = first;
        public int Last { get; set; } = last;
        public int Block { get; set; }
        public long Offset { get; set; }
    }
}
