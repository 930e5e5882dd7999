using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Writes the receipt of a load, after its locks.</summary>
internal static class LoadReceipts
{
    public static LoadReceipt Of(CompositionPlan plan, AddressSpace space, AddressRange range, Dictionary<int, string> lockFailures, nuint? lockedBefore)
    {
        var notices = new List<string>(plan.Notices);
        var parts = new PartReceipt[plan.Parts.Count];
        var unlocked = plan.Tensors.Where(tensor => tensor.Lock is LockFate.Refused or LockFate.OverLimit || lockFailures.ContainsKey(tensor.Request))
            .Select(tensor => (tensor.Part, Receipt: new TensorReceipt(tensor.Spec.Name, tensor.Bytes, lockFailures.GetValueOrDefault(tensor.Request, tensor.LockReason)))).ToList();
        var regions = space.Platform.Measure(range);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Of(plan.Parts[i], space, range, regions);
            if (parts[i].NotLocked != 0)
                parts[i] = parts[i] with { Why = unlocked.Find(item => item.Part == i).Receipt?.Reason ?? "" };
            Compare(plan.Parts[i], parts[i], notices);
        }
        if (lockFailures.Count != 0)
            notices.Add($"{lockFailures.Count} tensors were to be locked and the system refused: {lockFailures.First().Value}.");
        return new LoadReceipt
        {
            Map = (plan.Policy.Map ?? MapPolicy.Auto).ToString().ToLowerInvariant(),
            Lock = plan.Policy.Lock.ToString().ToLowerInvariant(),
            Range = $"0x{range.Start:x}+{plan.Length}",
            Parts = parts,
            Copied = [.. plan.Tensors.Where(tensor => tensor.Map == MapFate.Copied && tensor.Bytes != 0 && plan.Policy.MapOf(tensor.Spec.Name) != MapPolicy.Off)
                .Select(tensor => new TensorReceipt(tensor.Spec.Name, tensor.Bytes, tensor.MapReason))],
            Unlocked = [.. unlocked.Select(item => item.Receipt)],
            Notices = notices,
            ProcessLockedBefore = (long?)lockedBefore,
            ProcessLockedAfter = (long?)space.Platform.QueryLocked(),
        };
    }

    private static PartReceipt Of(PlannedPart part, AddressSpace space, AddressRange range, IReadOnlyList<RegionMeasure>? regions)
    {
        var at = range.Slice(part.Offset, part.Span);
        var pages = new AddressRange(at.Start, space.PageUp(at.Length));
        var receipt = new PartReceipt
        {
            Usage = AllocationReceipts.UsageText(BufferUsage.Weights),
            BufferType = part.TypeName,
            Device = part.Device,
            Address = $"0x{at.Start:x}",
            Length = (long)part.Length,
            Asked = part.TensorBytes,
            Mapped = part.Backing == PartBacking.FileMapping ? (long)pages.Length : 0,
            Committed = part.Backing == PartBacking.Committed ? (long)pages.Length : 0,
            OnDevice = part.Backing == PartBacking.Device ? (long)part.Length : 0,
            LockAsked = part.LockAsked,
            Locked = (long)space.Locks.LockedIn(pages),
            Resident = part.ResidentBytes,
        };
        return part.Backing == PartBacking.Device ? receipt : AllocationReceipts.Measure(receipt, regions, pages);
    }

    // Should the system ever say another thing than what was done, the user reads it here.
    private static void Compare(PlannedPart part, PartReceipt receipt, List<string> notices)
    {
        if (!receipt.Measured)
            return;
        if (part.Backing == PartBacking.FileMapping && receipt.Mapped != (long)part.Length)
            notices.Add($"Part {part.Index} was to map {part.Length} bytes, and the system says {receipt.Mapped}.");
        if (receipt.Locked != part.LockBytes)
            notices.Add($"Part {part.Index} was to lock {part.LockBytes} bytes, and the system says {receipt.Locked}.");
    }
}
