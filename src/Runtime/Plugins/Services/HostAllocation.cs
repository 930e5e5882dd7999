using System.Runtime.InteropServices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>Zeroed host memory lent to a plugin; the ledger counts it and frees it if the plugin does not.</summary>
internal sealed unsafe class HostAllocation : IHostAllocation
{
    private readonly HostLedger _ledger;
    private nint _block;

    private HostAllocation(HostLedger ledger, nint block, nint pointer, nuint length)
        => (_ledger, _block, Pointer, Length) = (ledger, block, pointer, length);

    public nint Pointer { get; }

    public nuint Length { get; }

    /// <summary>Allocates; the caller enters it into the ledger.</summary>
    /// <exception cref="OutOfMemoryException">No room.</exception>
    public static HostAllocation Create(HostLedger ledger, nuint bytes, nuint alignment)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bytes);
        if (!System.Numerics.BitOperations.IsPow2(alignment))
            throw new ArgumentOutOfRangeException(nameof(alignment), alignment, $"An alignment of {alignment} is not a power of two.");
        if (bytes > nuint.MaxValue - (alignment - 1)) throw new OutOfMemoryException($"{bytes} bytes aligned to {alignment} exceed the address space.");
        // calloc leaves fresh pages untouched, which aligned allocation and clearing would not: large tables cost what is used of them.
        var block = (nint)NativeMemory.AllocZeroed(bytes + (alignment - 1));
        return new(ledger, block, (nint)(((nuint)block + (alignment - 1)) & ~(alignment - 1)), bytes);
    }

    public void Dispose()
    {
        var block = Interlocked.Exchange(ref _block, 0);
        if (block == 0) return;
        _ledger.Remove(this);
        NativeMemory.Free((void*)block);
    }
}
