using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>The C library's memory calls. Signatures are those of 64-bit processes.</summary>
internal static partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint MapFile(nuint address, nuint length, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint MapAnonymous(nuint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(nuint address, nuint length);

    [LibraryImport(Library, EntryPoint = "mlock", SetLastError = true)]
    internal static partial int Lock(nuint address, nuint length);

    [LibraryImport(Library, EntryPoint = "munlock", SetLastError = true)]
    internal static partial int Unlock(nuint address, nuint length);

    [LibraryImport(Library, EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(nuint address, nuint length, int advice);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport(Library, EntryPoint = "sysctlbyname", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ReadSystemValue(string name, out ulong value, ref nuint length, nint newValue, nuint newLength);

    /// <summary>struct rlimit of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Limit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
