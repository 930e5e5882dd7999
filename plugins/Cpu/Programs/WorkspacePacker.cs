namespace Hotplug.Cpu.Programs;

/// <summary>Packs values into one block so that those whose lives overlap do not share bytes: the largest first, each at the lowest place that is free.</summary>
internal sealed class WorkspacePacker
{
    private const long Alignment = 64;
    private readonly List<Item> _items = [];

    /// <summary>Bytes of the block.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a value that lives from step <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public Item Add(long bytes, int first, int last)
    {
        var item = new Item(checked((bytes + Alignment - 1) / Alignment * Alignment), first, last);
        _items.Add(item);
        return item;
    }

    public void Pack()
    {
        var placed = new List<Item>(_items.Count);
        var near = new List<Item>();
        foreach (var item in _items.OrderByDescending(i => i.Bytes).ThenBy(i => i.First))
        {
            near.Clear();
            foreach (var other in placed)
                if (other.First <= item.Last && item.First <= other.Last) near.Add(other);
            near.Sort((a, b) => a.Offset.CompareTo(b.Offset));
            long offset = 0;
            foreach (var other in near)
            {
                if (other.Offset >= offset + item.Bytes) break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }
            item.Offset = offset;
            Length = Math.Max(Length, checked(offset + item.Bytes));
            placed.Add(item);
        }
    }

    internal sealed class Item(long bytes, int first, int last)
    {
        public long Bytes { get; } = bytes;
        public int First { get; } = first;
        public int Last { get; set; } = last;
        public long Offset { get; set; }
    }
}
