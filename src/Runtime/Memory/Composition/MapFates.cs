using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Decides for each tensor whether it is mapped, copied or on a device, and refuses what the policy or the sizes forbid.</summary>
internal static class MapFates
{
    // Rows are handed to a buffer as one span.
    private const long LargestRow = 1L << 30;

    public static void Decide(List<WeightItem> items, MemoryPolicy policy, nuint page, List<MemoryRefusal> refusals)
    {
        var refused = new Dictionary<(string Type, string Reason), (int Count, string First)>();
        foreach (var item in items)
        {
            var largest = CompositionPlanner.Largest(item.Facts, policy);
            var spec = item.Request.Spec;
            if (item.Size > largest)
            {
                var bound = policy.LargestAllocation is { } cap && cap < item.Facts.MaxLength ? "the largest allocation set for this model" : $"the largest allocation of {item.Facts.Name}";
                refusals.Add(new(MemoryRefusalCode.TooLarge, Subject(item),
                    $"it needs {item.Size} bytes in one piece, and {bound} is {largest}", "place it on another device or buffer type, or raise the bound"));
                continue;
            }
            if (!item.InHostMemory)
            {
                item.Map = MapFate.OnDevice;
            }
            else
            {
                var reason = WhyNotMapped(item, policy, page, largest, out var wish);
                (item.Map, item.MapReason) = reason is null ? (MapFate.Mapped, "") : (MapFate.Copied, reason);
                if (reason is not null && wish == MapPolicy.Require && item.Bytes != 0)
                {
                    var key = (item.Facts.Name, reason);
                    refused[key] = refused.TryGetValue(key, out var seen) ? (seen.Count + 1, seen.First) : (1, Subject(item));
                    continue;
                }
            }
            if (item.Map != MapFate.Mapped && item.Bytes != 0 && spec.RowBytes > LargestRow)
                refusals.Add(new(MemoryRefusalCode.TooLarge, Subject(item), $"a row of it has {spec.RowBytes} bytes, and rows are written whole, up to {LargestRow}", "place it in a buffer type that adopts mapped files"));
        }
        foreach (var ((type, reason), (count, first)) in refused)
        {
            refusals.Add(new(MemoryRefusalCode.MapImpossible, count == 1 ? first : $"{first} and {count - 1} more",
                $"mapping is required, and {reason}", $"place it in a buffer type other than {type} that adopts mapped files, or use `--mmap auto`"));
        }
    }

    private static string? WhyNotMapped(WeightItem item, MemoryPolicy policy, nuint page, nuint largest, out MapPolicy wish)
    {
        wish = policy.MapOf(item.Request.Spec.Name);
        var facts = item.Facts;
        if (item.Bytes == 0)
            return "it has no bytes";
        if (wish == MapPolicy.Off)
            return "mapping is off";
        if (!facts.Traits.Adopts)
            return $"{facts.Name} keeps a layout of its own and does not adopt mapped memory";
        if (item.Size != (nuint)item.Bytes)
            return $"{facts.Name} pads tensors, which a file does not";
        if ((nuint)item.Request.FileOffset % facts.TensorAlignment != 0)
            return $"its offset in the file, {item.Request.FileOffset}, is not aligned to {facts.TensorAlignment} as {facts.Name} asks";
        var pages = PartLayout.PageUp((nuint)(item.Request.FileOffset + item.Bytes), page) - PartLayout.PageDown((nuint)item.Request.FileOffset, page);
        return pages > largest ? $"the pages it touches in the file have {pages} bytes, more than the largest allocation of {largest}" : null;
    }

    private static string Subject(WeightItem item) => item.Request.Spec.Name.Length != 0 ? item.Request.Spec.Name : $"tensor {item.Index}";
}
