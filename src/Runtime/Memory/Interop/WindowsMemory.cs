using System.Runtime.InteropServices;
using Hotplug.Runtime.Memory.Policy;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>
/// Windows: a reservation is a placeholder; parts are cut out of it and replaced by memory or by a view of a file, and become
/// placeholders again when they go. Locks live within the minimum working set, which grows by what is locked.
/// </summary>
internal sealed unsafe class WindowsMemory : HostMemoryPlatform
{
    private const uint CommitMemory = 0x1000, ReserveMemory = 0x2000, ReleaseMemory = 0x8000;
    private const uint ReservePlaceholder = 0x40000, ReplacePlaceholder = 0x4000, PreservePlaceholder = 2, CoalescePlaceholders = 1;
    private const uint NoAccess = 1, ReadOnly = 2, ReadWrite = 4;
    private const ulong AddressRequirementsKind = 1;
    private const nuint Granularity = 65536;
    private const int WorkingSetQuota = 1453;
    private readonly Lock _gate = new();

    public override nuint Reserve(nuint length, nuint alignment)
    {
        var requirements = new Kernel32.AddressRequirements { Alignment = alignment <= Granularity ? 0 : alignment };
        var parameter = new Kernel32.ExtendedParameter { Kind = AddressRequirementsKind, Argument = &requirements };
        var address = Kernel32.Allocate(Kernel32.ThisProcess, 0, length, ReserveMemory | ReservePlaceholder, NoAccess, &parameter, 1);
        return address != 0 ? address : throw Failure("reserve", 0, length);
    }

    public override void Release(nuint address, nuint length)
    {
        // Cutting left several placeholders side by side; each is given back on its own.
        for (var at = address; at < address + length;)
        {
            var information = Query(at);
            if (Kernel32.Free(at, 0, ReleaseMemory) == 0)
                throw Failure("give back", at, information.Length);
            at += information.Length;
        }
    }

    public override void Commit(nuint address, nuint length)
    {
        lock (_gate)
        {
            Cut(address, length);
            if (Kernel32.Allocate(Kernel32.ThisProcess, address, length, ReserveMemory | CommitMemory | ReplacePlaceholder, ReadWrite, null, 0) == 0)
                throw Failure("commit", address, length);
        }
    }

    public override void Map(nuint address, nuint length, SafeFileHandle file, long offset)
    {
        var section = Kernel32.CreateSection(file, 0, ReadOnly, 0, 0, 0);
        if (section == 0)
            throw Failure("open a file for mapping", address, length);
        try
        {
            lock (_gate)
            {
                Cut(address, length);
                if (Kernel32.MapSection(section, Kernel32.ThisProcess, address, (ulong)offset, length, ReplacePlaceholder, ReadOnly, null, 0) == 0)
                    throw Failure("map a file", address, length);
            }
        }
        finally
        {
            // The view holds the section.
            _ = Kernel32.Close(section);
        }
    }

    public override void Recede(nuint address, nuint length, RegionKind kind)
    {
        var done = kind == RegionKind.Mapped
            ? Kernel32.UnmapSection(Kernel32.ThisProcess, address, PreservePlaceholder)
            : Kernel32.Free(address, length, ReleaseMemory | PreservePlaceholder);
        if (done == 0)
            throw Failure("return", address, length);
    }

    public override int Lock(nuint address, nuint length)
    {
        lock (_gate)
        {
            if (Kernel32.Lock(address, length) != 0)
                return 0;
            var error = Marshal.GetLastPInvokeError();
            if (error != WorkingSetQuota || Kernel32.GetWorkingSet(Kernel32.ThisProcess, out var minimum, out var maximum) == 0)
                return error;
            // A little more than asked: the system counts its own overhead in.
            var more = length + (1u << 20);
            if (Kernel32.SetWorkingSet(Kernel32.ThisProcess, minimum + more, nuint.Max(maximum, minimum + more) + more) == 0)
                return Marshal.GetLastPInvokeError();
            return Kernel32.Lock(address, length) != 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    public override int Unlock(nuint address, nuint length) => Kernel32.Unlock(address, length) != 0 ? 0 : Marshal.GetLastPInvokeError();

    public override void Advise(nuint address, nuint length, MemoryAdvice advice)
    {
        if (advice != MemoryAdvice.WillNeed)
            return;
        var range = new Kernel32.RangeEntry { Address = address, Length = length };
        _ = Kernel32.Prefetch(Kernel32.ThisProcess, 1, &range, 0);
    }

    // The working set grows on demand up to what the machine has, so only physical memory bounds a lock beforehand.
    public override HostLimits QueryLimits() => new()
    {
        PageSize = PageSize,
        LockLimit = null,
        PhysicalMemory = (nuint)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        LimitCure = "ask for less with `--mlock try`",
    };

    /// <summary>Makes <paramref name="address"/> and <paramref name="length"/> a placeholder of their own.</summary>
    private void Cut(nuint address, nuint length)
    {
        var first = Query(address);
        var start = first.AllocationAddress;
        var end = first.Address + first.Length;
        if (end < address + length)
        {
            // The stretch was cut differently before: join the placeholders it covers, then cut anew.
            while (end < address + length)
                end += Query(end).Length;
            if (Kernel32.Free(start, end - start, ReleaseMemory | CoalescePlaceholders) == 0)
                throw Failure("join", start, end - start);
        }
        if ((start != address || end != address + length) && Kernel32.Free(address, length, ReleaseMemory | PreservePlaceholder) == 0)
            throw Failure("cut", address, length);
    }

    private Kernel32.MemoryInformation Query(nuint address) =>
        Kernel32.Query(address, out var information, (nuint)sizeof(Kernel32.MemoryInformation)) != 0
            ? information
            : throw Failure("describe", address, 0);

    private HostMemoryException Failure(string what, nuint address, nuint length)
    {
        var error = Marshal.GetLastPInvokeError();
        return new HostMemoryException($"The system did not {what} {length} bytes at 0x{address:x}: {Describe(error)}.", error);
    }
}
