namespace Hotplug.Accelerators.Programs;

/// <summary>
/// Packs values into blocks so that those whose lives overlap do not share bytes: the largest first, each at the lowest place that is free in the first block that
/// can have it. No block grows beyond the largest allocation, except for a value that is larger itself. Used once, by one thread.
/// </summary>
/// <param name="largest">Bytes of the largest block.</param>
/// <param name="alignment">Bytes to which every value is aligned.</param>
public sealed class WorkspacePacker(long largest, long alignment = WorkspacePacker.Alignment)
{
    /// <summary>Bytes to which values are aligned in device memory: wide enough for every vector access and for the offset rules of the drivers.</summary>
    public const long Alignment = 256;

    private readonly List<Item> _items = [];
    private readonly List<List<Item>> _placed = [];
    private readonly List<long> _lengths = [];

    /// <summary>Bytes of each block.</summary>
    public IReadOnlyList<nuint> Blocks => [.. _lengths.Select(l => (nuint)l)];

    /// <summary>Adds bytes that live from step <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    /// <exception cref="OverflowException">They do not fit 63 bits.</exception>
    public Item Add(long bytes, int first, int last)
    {
        var item = new Item(checked((bytes + alignment - 1) / alignment * alignment), first, last);
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
            while (block < _placed.Count && checked((offset = Lowest(_placed[block], item)) + item.Bytes) > largest) block++;
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

    /// <summary>Bytes with a life and, after <see cref="Pack"/>, a place.</summary>
    public sealed class Item
    {
        internal Item(long bytes, int first, int last) => (Bytes, First, Last) = (bytes, first, last);

        /// <summary>Bytes, rounded up to the alignment.</summary>
        public long Bytes { get; }

        /// <summary>First step of its life.</summary>
        public int First { get; }

        /// <summary>Last step of its life; may grow until it is packed.</summary>
        public int Last { get; set; }

        /// <summary>The block it lies in.</summary>
        public int Block { get; internal set; }

        /// <summary>Bytes from the start of the block.</summary>
        public long Offset { get; internal set; }
    }
}
