using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>
/// Decides what is locked: the pages that tensors in host memory really touch, each once. What is required comes first and must fit the limit;
/// of the rest, in order of use, each tensor whose pages still fit.
/// </summary>
internal sealed class LockPlan
{
    private LockPlan(int parts) => (Asked, Planned, Resident) = (new long[parts], new long[parts], new long[parts]);

    /// <summary>Bytes wished locked, by part.</summary>
    public long[] Asked { get; }

    /// <summary>Bytes of pages that will be locked, by part.</summary>
    public long[] Planned { get; }

    /// <summary>Bytes on devices that satisfy the wish, by part.</summary>
    public long[] Resident { get; }

    /// <summary>Tensors to lock, in order.</summary>
    public List<int> Order { get; } = [];

    public static LockPlan Decide(List<WeightItem> items, PartLayout layout, MemoryPolicy policy, HostLimits limits, List<MemoryRefusal> refusals)
    {
        var plan = new LockPlan(layout.Parts.Count);
        var host = new List<WeightItem>();
        foreach (var item in items)
        {
            item.LockWish = policy.LockOf(item.Request.Spec.Name);
            if (item.LockWish == LockPolicy.Off || item.Bytes == 0)
                continue;
            if (item.InHostMemory)
                host.Add(item);
            else
                plan.DecideDevice(item);
        }
        RefuseDevices(items, refusals);
        plan.DecideHost(host, layout, limits, refusals);
        return plan;
    }

    private void DecideDevice(WeightItem item)
    {
        Asked[item.Part] += item.Bytes;
        if (item.Facts.Traits.Residency == Residency.Resident)
        {
            item.Lock = LockFate.Resident;
            Resident[item.Part] += item.Bytes;
        }
        else
            (item.Lock, item.LockReason) = (LockFate.Refused, LockFates.Why(item.Facts));
    }

    private static void RefuseDevices(List<WeightItem> items, List<MemoryRefusal> refusals)
    {
        foreach (var group in items.Where(item => item is { Lock: LockFate.Refused, LockWish: LockPolicy.Require }).GroupBy(item => item.Facts.Name))
        {
            var first = group.First();
            var count = group.Count();
            refusals.Add(LockFates.RefuseDevice(count == 1 ? first.Request.Spec.Name : $"{first.Request.Spec.Name} and {count - 1} more", first.Facts));
        }
    }

    private void DecideHost(List<WeightItem> items, PartLayout layout, HostLimits limits, List<MemoryRefusal> refusals)
    {
        var asked = new PageSet(limits.PageSize);
        var locked = new PageSet(limits.PageSize);
        var lockable = limits.Lockable ?? nuint.MaxValue;
        foreach (var item in items.OrderBy(item => item.LockWish == LockPolicy.Require ? 0 : 1).ThenBy(item => item.Request.UseOrder).ThenBy(item => item.Index))
        {
            var at = layout.Parts[item.Part].Offset + item.Offset;
            Asked[item.Part] += (long)asked.Missing(at, item.Size);
            asked.Add(at, item.Size);
            var more = locked.Missing(at, item.Size);
            if (item.LockWish != LockPolicy.Require && more > lockable - nuint.Min(lockable, locked.Bytes))
            {
                (item.Lock, item.LockReason) = (LockFate.OverLimit, $"the limit leaves {ByteText.Format(lockable - nuint.Min(lockable, locked.Bytes))} of the {ByteText.Format(more)} it needs");
                continue;
            }
            item.Lock = LockFate.Locked;
            locked.Add(at, item.Size);
            Planned[item.Part] += (long)more;
            Order.Add(item.Index);
        }
        // Neighbours may have locked every page of one that did not fit.
        foreach (var item in items.Where(item => item.Lock == LockFate.OverLimit && locked.Missing(layout.Parts[item.Part].Offset + item.Offset, item.Size) == 0))
        {
            (item.Lock, item.LockReason) = (LockFate.Locked, "");
            Order.Add(item.Index);
        }
        var required = new PageSet(limits.PageSize);
        foreach (var item in items.Where(item => item.LockWish == LockPolicy.Require))
            required.Add(layout.Parts[item.Part].Offset + item.Offset, item.Size);
        if (required.Bytes != 0 && limits.RefuseLock("weights", required.Bytes) is { } refusal)
            refusals.Add(refusal);
    }
}
