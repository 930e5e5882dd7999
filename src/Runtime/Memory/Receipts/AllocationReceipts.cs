using Hotplug.Abstractions.Memory;
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
            receipt = Measure(space, receipt, pages);
        var why = receipt.NotLocked == 0 ? "" : !host ? LockFates.Why(facts) : reason ?? "the limit does not allow more";
        return receipt with { Why = why };
    }

    /// <summary>Replaces what the host did by what the system says, where it tells.</summary>
    public static PartReceipt Measure(AddressSpace space, PartReceipt receipt, AddressRange pages)
    {
        if (space.Platform.Measure(pages) is not { } regions)
            return receipt;
        long mapped = 0, committed = 0, locked = 0, share = 0, inMemory = 0;
        foreach (var region in regions)
        {
            if (!region.Accessible)
                continue;
            var bytes = (long)region.Range.Length;
            (mapped, committed) = region.File ? (mapped + bytes, committed) : (mapped, committed + bytes);
            locked += region.Locked ? bytes : 0;
            share += (long)region.LockedResident;
            inMemory += (long)region.Resident;
        }
        return receipt with { Mapped = mapped, Committed = committed, Locked = locked, LockedShare = share, InMemory = inMemory, Measured = true };
    }

    public static string UsageText(BufferUsage usage) => usage switch
    {
        BufferUsage.Weights => "weights",
        BufferUsage.KvCache => "kvCache",
        BufferUsage.Workspace => "workspace",
        _ => "any",
    };
}
