using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Metal.Fake.Memory;

/// <summary>Single mappings of this process, asked of Linux 6.11 or newer (<c>PROCMAP_QUERY</c> of <c>linux/fs.h</c>).</summary>
internal static unsafe partial class MappingQuery
{
    private const uint Request = 0xC0686611;
    private const ulong Readable = 1, Writable = 2, CoveringOrNext = 16;

    private static readonly SafeFileHandle? Maps = Open();

    /// <summary>True if the system answers.</summary>
    public static bool IsAvailable => Maps is not null;

    /// <summary>The mapping at an address or behind it, and those behind that, in rising order.</summary>
    public static IEnumerable<(ulong Start, ulong End, HostAccess Access)> From(ulong address)
    {
        while (TryAsk(Maps!, address, out var found))
        {
            yield return (found.Start, found.End, (found.Flags & Readable) == 0 ? HostAccess.None : (found.Flags & Writable) == 0 ? HostAccess.Read : HostAccess.Write);
            address = found.End;
        }
    }

    private static SafeFileHandle? Open()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var maps = File.OpenHandle("/proc/self/maps");
        if (TryAsk(maps, 0, out _)) return maps;
        maps.Dispose();
        return null;
    }

    private static bool TryAsk(SafeFileHandle maps, ulong address, out Query query)
    {
        query = new Query { Size = (ulong)sizeof(Query), QueryFlags = CoveringOrNext, Address = address };
        // The handle is never closed.
        fixed (Query* asked = &query) return Ioctl((int)maps.DangerousGetHandle(), Request, asked) == 0;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int file, nuint request, void* argument);

    /// <summary><c>struct procmap_query</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Query
    {
        public ulong Size, QueryFlags, Address, Start, End, Flags, PageSize, Offset, Inode;
        public uint DeviceMajor, DeviceMinor, NameSize, BuildIdSize;
        public ulong NameAddress, BuildIdAddress;
    }
}
