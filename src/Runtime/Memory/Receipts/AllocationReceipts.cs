using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Receipts;

/// <summary>Writes receipts of single buffers, and measures ranges.</summary>
internal static class AllocationReceipts
{
    /// <summary>The receipt of a buffer with addresses of its own, after its locks.</summary>
    public static PartReceipt Of(AddressSpace space, BufferTypeFacts facts, in BufferRequest request, string device, LockPolicy wish, string? reason)
    {
        var host = facts.Traits.HostVisible;
        var length = (long)request.Length;
        var pages = new AddressRange(request.Range.Start, space.PageUp(request.Range.Length));
        var asked = wish == LockPolicy.Off ? 0 : host && length != 0 ? (long)pages.Length : length;
        var resident = !host && facts.Traits.Residency == Residency.Resident ? asked : 0;
        var receipt = new PartReceipt
        {
            Usage = UsageText(request.Usage),
            BufferType = facts.Name,
            Device = device,
            Address = $"0x{request.Range.Start:x}",
            Length = length,
            Asked = length,
            Committed = host ? (long)pages.Length : 0,
            OnDevice = host ? 0 : length,
            LockAsked = asked,
            Locked = (long)space.Locks.LockedIn(pages),
            Resident = resident,
        };
        // Walking the page tables is worth it only where there is a lock to vouch for.
        if (host && asked != 0)
            receipt = Measure(receipt, space.Platform.Measure(pages), pages);
        var why = receipt.NotLocked == 0 ? "" : !host ? LockFates.Why(facts) : reason ?? "the limit does not allow more";
        return receipt with { Why = why };
    }

    /// <summary>Replaces what the host did by what the system says.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="regions">What the system says, or null if it does not tell.</param>
    /// <param name="pages">The addresses concerned. Of a region that reaches beyond them, bytes count as if spread evenly.</param>
    public static PartReceipt Measure(PartReceipt receipt, IReadOnlyList<RegionMeasure>? regions, AddressRange pages)
    {
        if (regions is null)
            return receipt;
        long mapped = 0, committed = 0, locked = 0, share = 0, inMemory = 0;
        foreach (var region in regions)
        {
            if (!region.Accessible || !region.Range.Overlaps(pages))
                continue;
            var bytes = nuint.Min(region.Range.End, pages.End) - nuint.Max(region.Range.Start, pages.Start);
            (mapped, committed) = region.File ? (mapped + (long)bytes, committed) : (mapped, committed + (long)bytes);
            locked += region.Locked ? (long)bytes : 0;
            share += Cut(region.LockedResident, bytes, region.Range.Length);
            inMemory += Cut(region.Resident, bytes, region.Range.Length);
        }
        return receipt with { Mapped = mapped, Committed = committed, Locked = locked, LockedShare = share, InMemory = inMemory, Measured = true };

        static long Cut(nuint value, nuint bytes, nuint whole) => (long)((UInt128)value * bytes / whole);
    }

    public static string UsageText(BufferUsage usage) => usage switch
    {
        BufferUsage.Weights => "weights",
        BufferUsage.KvCache => "kvCache",
        BufferUsage.Workspace => "workspace",
        _ => "any",
    };
}
