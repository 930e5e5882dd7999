using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Metal.Fake.Memory;

/// <summary>
/// Asks Linux 6.11 and newer for a single mapping of this process (PROCMAP_QUERY, linux/fs.h), which takes a thousandth of the time of reading /proc/self/maps.
/// </summary>
internal static unsafe partial class MapQuery
{
    private const uint Request = 0xc000_6611 | ((uint)Size << 16);
    private const int Size = 104, NotFound = 2;
    private const ulong Readable = 1, Writable = 2;
    private static readonly SafeFileHandle? Maps = Open();

    /// <summary>Whether this system answers.</summary>
    public static bool IsThere => Maps is not null;

    /// <summary>The end of the mapping that an address lies in, and what can be done there; false where nothing is mapped.</summary>
    public static bool TryFind(ulong address, out ulong end, out HostAccess access)
    {
        var question = new Question { Size = Size, Address = address };
        if (ioctl(Maps!, Request, &question) != 0)
        {
            if (Marshal.GetLastPInvokeError() != NotFound) throw new InvalidOperationException($"PROCMAP_QUERY at 0x{address:x}: {Marshal.GetLastPInvokeErrorMessage()}");
            (end, access) = (0, HostAccess.None);
            return false;
        }
        end = question.End;
        access = (question.Flags & Readable) == 0 ? HostAccess.None : (question.Flags & Writable) != 0 ? HostAccess.Write : HostAccess.Read;
        return true;
    }

    private static SafeFileHandle? Open()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        var maps = File.OpenHandle("/proc/self/maps");
        var local = 0;
        var question = new Question { Size = Size, Address = (ulong)&local };
        if (ioctl(maps, Request, &question) == 0) return maps;
        maps.Dispose();
        return null;
    }

    // struct procmap_query.
    [StructLayout(LayoutKind.Explicit, Size = MapQuery.Size)]
    private struct Question
    {
        [FieldOffset(0)] public ulong Size;
        [FieldOffset(16)] public ulong Address;
        [FieldOffset(32)] public ulong End;
        [FieldOffset(40)] public ulong Flags;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, Question* question);
}
