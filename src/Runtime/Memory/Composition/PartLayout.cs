using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>
/// Cuts tensors into parts and lays the parts side by side. Tensors of one buffer type on one device make up a group. Its mapped tensors form
/// runs of a file, its others are packed in file order, so that a file is read forwards; both are cut between tensors where the largest allocation ends.
/// </summary>
internal sealed class PartLayout
{
    /// <summary>Unused bytes between two mapped tensors from which on the mapping is split: less costs more in parts than it saves in pages.</summary>
    private const nuint Hole = 64 << 10;

    private readonly MemoryPolicy _policy;
    private readonly nuint _page;

    public PartLayout(List<WeightItem> items, MemoryPolicy policy, nuint page)
    {
        (_policy, _page) = (policy, page);
        foreach (var group in items.GroupBy(item => (item.Facts.Type, item.Request.Device)))
        {
            var ordered = group.OrderBy(item => item.Request.File).ThenBy(item => item.Request.FileOffset).ThenBy(item => item.Index).ToList();
            AddRuns(ordered.FindAll(item => item.Map == MapFate.Mapped));
            AddPacked(ordered.FindAll(item => item.Map != MapFate.Mapped));
        }
    }

    public List<PlannedPart> Parts { get; } = [];

    public nuint Length { get; private set; }

    public nuint Alignment { get; private set; } = 1;

    public static nuint PageDown(nuint bytes, nuint page) => bytes & ~(page - 1);

    public static nuint PageUp(nuint bytes, nuint page) => checked(bytes + (page - 1)) & ~(page - 1);

    private void AddRuns(List<WeightItem> items)
    {
        for (var i = 0; i < items.Count;)
        {
            var first = items[i];
            var largest = CompositionPlanner.Largest(first.Facts, _policy);
            var start = PageDown((nuint)first.Request.FileOffset, _page);
            var end = start;
            var run = new List<WeightItem>();
            for (; i < items.Count && items[i].Request.File == first.Request.File; i++)
            {
                var offset = (nuint)items[i].Request.FileOffset;
                var to = nuint.Max(end, PageUp(offset + items[i].Size, _page));
                if (run.Count != 0 && (to - start > largest || (PageDown(offset, _page) > end && PageDown(offset, _page) - end >= Hole)))
                    break;
                end = to;
                run.Add(items[i]);
            }
            foreach (var item in run)
                (item.Part, item.Offset) = (Parts.Count, (nuint)item.Request.FileOffset - start);
            Add(run, end - start, PartBacking.FileMapping, first.Request.File, (long)start);
        }
    }

    private void AddPacked(List<WeightItem> items)
    {
        for (var i = 0; i < items.Count;)
        {
            var facts = items[i].Facts;
            var largest = CompositionPlanner.Largest(facts, _policy);
            nuint end = 0;
            var packed = new List<WeightItem>();
            for (; i < items.Count; i++)
            {
                // What has no bytes takes no room, wherever it stands.
                var offset = items[i].Size == 0 ? 0 : PageUp(end, facts.TensorAlignment);
                if (packed.Count != 0 && (offset > largest || items[i].Size > largest - offset))
                    break;
                (items[i].Part, items[i].Offset) = (Parts.Count, offset);
                end = nuint.Max(end, offset + items[i].Size);
                packed.Add(items[i]);
            }
            Add(packed, end, facts.Traits.HostVisible ? PartBacking.Committed : PartBacking.Device, -1, 0);
        }
    }

    private void Add(List<WeightItem> items, nuint length, PartBacking backing, int file, long fileOffset)
    {
        var facts = items[0].Facts;
        // Pages of its own for every part, so that what is locked, mapped or inaccessible is one part's alone.
        var unit = nuint.Max(_page, nuint.Max(facts.BaseAlignment, facts.TensorAlignment));
        var part = new PlannedPart
        {
            Index = Parts.Count,
            Facts = facts,
            Device = items[0].Request.Device,
            Offset = PageUp(Length, unit),
            Length = length,
            Backing = backing,
            File = file,
            FileOffset = fileOffset,
            TensorBytes = items.Sum(item => item.Bytes),
        };
        Parts.Add(part);
        Alignment = nuint.Max(Alignment, unit);
        Length = checked(part.Offset + part.Span);
    }
}
