using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Policy;
using Microsoft.Win32.SafeHandles;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>
/// The calls of the operating system that memory is made of. Addresses and lengths are whole pages. Members throw
/// <see cref="HostMemoryException"/> with the system's reason and leave nothing half-done; they are safe from any thread for disjoint ranges.
/// </summary>
internal abstract class HostMemoryPlatform
{
    private static readonly Lazy<HostMemoryPlatform> Shared = new(Create);

    /// <summary>The platform of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">None of the known systems, or a 32-bit process.</exception>
    public static HostMemoryPlatform Current => Shared.Value;

    /// <summary>Bytes of a page, a power of two.</summary>
    public nuint PageSize { get; } = (nuint)Environment.SystemPageSize;

    /// <summary>Reserves addresses, inaccessible and without memory behind them.</summary>
    /// <param name="length">Bytes, at least a page.</param>
    /// <param name="alignment">A power of two, at least a page.</param>
    public abstract nuint Reserve(nuint length, nuint alignment);

    /// <summary>Gives a reservation back. Every region in it has been returned by <see cref="Recede"/>.</summary>
    public abstract void Release(nuint address, nuint length);

    /// <summary>Puts zeroed memory behind reserved addresses.</summary>
    public abstract void Commit(nuint address, nuint length);

    /// <summary>Puts pages of a file behind reserved addresses, read-only. The last page may reach beyond the end of the file.</summary>
    public abstract void Map(nuint address, nuint length, SafeFileHandle file, long offset);

    /// <summary>Returns a region, as it was committed or mapped, to the state of reserved addresses. Its locks go with it.</summary>
    public abstract void Recede(nuint address, nuint length, RegionKind kind);

    /// <summary>Locks pages into physical memory, bringing them in.</summary>
    /// <returns>0, or the system's error number; then nothing of the range is newly locked.</returns>
    public abstract int Lock(nuint address, nuint length);

    /// <summary>Unlocks pages.</summary>
    /// <returns>0, or the system's error number.</returns>
    public abstract int Unlock(nuint address, nuint length);

    /// <summary>Passes a hint on; failure is of no consequence.</summary>
    public abstract void Advise(nuint address, nuint length, MemoryAdvice advice);

    /// <summary>What this process may lock.</summary>
    public abstract HostLimits QueryLimits();

    /// <summary>Bytes the system counts as locked by this process, or null if it does not tell.</summary>
    public virtual nuint? QueryLocked() => null;

    /// <summary>What the system says about the addresses of <paramref name="range"/>, in order, or null if it does not tell.</summary>
    public virtual IReadOnlyList<RegionMeasure>? Measure(AddressRange range) => null;

    /// <summary>The text of an error number.</summary>
    public virtual string Describe(int error) => $"{System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)} ({error})";

    private static HostMemoryPlatform Create()
    {
        if (!Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("Hotplug reserves one range of addresses per model and needs a 64-bit process.");
        return OperatingSystem.IsLinux() ? new LinuxMemory()
            : OperatingSystem.IsMacOS() ? new MacMemory()
            : OperatingSystem.IsWindows() ? new WindowsMemory()
            : throw new PlatformNotSupportedException("Hotplug knows the memory calls of Linux, macOS and Windows only.");
    }
}
