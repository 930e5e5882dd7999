using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>
/// POSIX memory: a reservation is an inaccessible private mapping; parts are mapped over it with MAP_FIXED, which replaces pages
/// without a moment in which somebody else could take the addresses.
/// </summary>
internal abstract class PosixMemory(int anonymous, int memlock) : HostMemoryPlatform
{
    private const int None = 0, Read = 1, Write = 2;
    private const int Shared = 0x01, Private = 0x02, Fixed = 0x10;
    private const int WillNeed = 3, DontNeed = 4;

    /// <summary>The soft limit on locked bytes, or null if there is none.</summary>
    protected nuint? QueryLockLimit(ulong infinity)
    {
        if (Libc.GetLimit(memlock, out var limit) != 0)
            throw Failure("getrlimit", 0, 0);
        return limit.Soft >= infinity ? null : (nuint)limit.Soft;
    }

    public sealed override nuint Reserve(nuint length, nuint alignment)
    {
        // A mapping is aligned to pages only: for more, take more and give the rest back.
        var slack = alignment > PageSize ? alignment - PageSize : 0;
        if (length > nuint.MaxValue - slack)
            throw new HostMemoryException($"A reservation of {length} bytes aligned to {alignment} exceeds the address space.");
        var address = Anonymous(0, length + slack, None, Private, "reserve");
        if (slack == 0)
            return address;
        var start = (address + slack) & ~(alignment - 1);
        try
        {
            Unmap(address, start - address);
            Unmap(start + length, address + slack - start);
        }
        catch
        {
            _ = Libc.Unmap(address, length + slack);
            throw;
        }
        return start;
    }

    public sealed override void Release(nuint address, nuint length) => Unmap(address, length);

    public sealed override void Commit(nuint address, nuint length) => Anonymous(address, length, Read | Write, Private | Fixed, "commit");

    public sealed override void Map(nuint address, nuint length, SafeFileHandle file, long offset)
    {
        if (Libc.MapFile(address, length, Read, Shared | Fixed, file, offset) == -1)
            throw Failure("map a file", address, length);
    }

    public sealed override void Recede(nuint address, nuint length, RegionKind kind) => Anonymous(address, length, None, Private | Fixed, "return");

    public sealed override int Lock(nuint address, nuint length)
    {
        if (Libc.Lock(address, length) == 0)
            return 0;
        var error = Marshal.GetLastPInvokeError();
        // A failed call may have locked the pages before the one that failed.
        _ = Libc.Unlock(address, length);
        return error;
    }

    public sealed override int Unlock(nuint address, nuint length) => Libc.Unlock(address, length) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public override void Advise(nuint address, nuint length, MemoryAdvice advice)
    {
        if (advice is MemoryAdvice.WillNeed or MemoryAdvice.Drop)
            _ = Libc.Advise(address, length, advice == MemoryAdvice.WillNeed ? WillNeed : DontNeed);
    }

    private nuint Anonymous(nuint address, nuint length, int protection, int flags, string what)
    {
        var result = Libc.MapAnonymous(address, length, protection, flags | anonymous, -1, 0);
        return result == -1 ? throw Failure(what, address, length) : (nuint)result;
    }

    private void Unmap(nuint address, nuint length)
    {
        if (length != 0 && Libc.Unmap(address, length) != 0)
            throw Failure("give back", address, length);
    }

    private HostMemoryException Failure(string what, nuint address, nuint length)
    {
        var error = Marshal.GetLastPInvokeError();
        return new HostMemoryException($"The system did not {what} {length} bytes at 0x{address:x}: {Describe(error)}.", error);
    }
}
