using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>Windows' memory calls; those on placeholders need Windows 10 1803 or Server 2019.</summary>
internal static unsafe partial class Kernel32
{
    private const string Library = "kernel32.dll";
    private const string Base = "kernelbase.dll";

    /// <summary>The pseudo handle of this process.</summary>
    internal const nint ThisProcess = -1;

    [LibraryImport(Base, EntryPoint = "VirtualAlloc2", SetLastError = true)]
    internal static partial nuint Allocate(nint process, nuint address, nuint length, uint kind, uint protection, ExtendedParameter* parameters, uint count);

    [LibraryImport(Library, EntryPoint = "VirtualFree", SetLastError = true)]
    internal static partial int Free(nuint address, nuint length, uint kind);

    [LibraryImport(Library, EntryPoint = "VirtualQuery", SetLastError = true)]
    internal static partial nuint Query(nuint address, out MemoryInformation information, nuint length);

    [LibraryImport(Library, EntryPoint = "CreateFileMappingW", SetLastError = true)]
    internal static partial nint CreateSection(SafeFileHandle file, nint security, uint protection, uint sizeHigh, uint sizeLow, nint name);

    [LibraryImport(Base, EntryPoint = "MapViewOfFile3", SetLastError = true)]
    internal static partial nuint MapSection(nint section, nint process, nuint address, ulong offset, nuint length, uint kind, uint protection, ExtendedParameter* parameters, uint count);

    [LibraryImport(Base, EntryPoint = "UnmapViewOfFile2", SetLastError = true)]
    internal static partial int UnmapSection(nint process, nuint address, uint flags);

    [LibraryImport(Library, EntryPoint = "CloseHandle", SetLastError = true)]
    internal static partial int Close(nint handle);

    [LibraryImport(Library, EntryPoint = "VirtualLock", SetLastError = true)]
    internal static partial int Lock(nuint address, nuint length);

    [LibraryImport(Library, EntryPoint = "VirtualUnlock", SetLastError = true)]
    internal static partial int Unlock(nuint address, nuint length);

    [LibraryImport(Library, EntryPoint = "GetProcessWorkingSetSize", SetLastError = true)]
    internal static partial int GetWorkingSet(nint process, out nuint minimum, out nuint maximum);

    [LibraryImport(Library, EntryPoint = "SetProcessWorkingSetSize", SetLastError = true)]
    internal static partial int SetWorkingSet(nint process, nuint minimum, nuint maximum);

    [LibraryImport(Library, EntryPoint = "PrefetchVirtualMemory", SetLastError = true)]
    internal static partial int Prefetch(nint process, nuint count, RangeEntry* ranges, uint flags);

    /// <summary>MEM_EXTENDED_PARAMETER: the kind in the low eight bits, then the argument.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ExtendedParameter
    {
        public ulong Kind;
        public void* Argument;
    }

    /// <summary>MEM_ADDRESS_REQUIREMENTS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AddressRequirements
    {
        public nuint Lowest;
        public nuint Highest;
        public nuint Alignment;
    }

    /// <summary>MEMORY_BASIC_INFORMATION of 64-bit processes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryInformation
    {
        public nuint Address;
        public nuint AllocationAddress;
        public uint AllocationProtection;
        public ushort Partition;
        public nuint Length;
        public uint State;
        public uint Protection;
        public uint Kind;
    }

    /// <summary>WIN32_MEMORY_RANGE_ENTRY.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RangeEntry
    {
        public nuint Address;
        public nuint Length;
    }
}
