using System.Runtime.InteropServices;
using Xunit;

namespace Hotplug.MetalTests.Fakes;

/// <summary>Pages of memory whose mapping a test can change: aligned to 64 KiB. Skips the test where the system has no mmap.</summary>
internal sealed unsafe partial class HostPages : IDisposable
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, NoReserve = 0x4000;
    private const int Alignment = 65536;
    private readonly nint _block;
    private readonly nuint _whole;

    public HostPages(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only where /proc/self/maps tells what is mapped.");
        Length = (ulong)length;
        _whole = (nuint)length + Alignment;
        _block = Map(0, _whole, ReadWrite, PrivateAnonymous | NoReserve, -1, 0);
        Assert.NotEqual(-1, _block);
        Start = (_block + Alignment - 1) / Alignment * Alignment;
    }

    public nint Start { get; }
    public ulong Length { get; }
    public void* Pointer => (void*)Start;
    public Span<float> Floats => new(Pointer, (int)Length / sizeof(float));

    /// <summary>Takes away the right to write.</summary>
    public void MakeReadOnly() => Assert.Equal(0, Protect(Start, (nuint)Length, 1));

    /// <summary>Takes away all access, as when a range goes back to being reserved.</summary>
    public void MakeInaccessible() => Assert.Equal(0, Protect(Start, (nuint)Length, 0));

    public void Dispose() => Unmap(_block, _whole);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
