using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// A physical buffer and what the host holds for it: its addresses, its memory, its locks. The facts here are the host's own record.
/// Whoever holds the allocation owns the buffer: dispose this, never <see cref="Buffer"/> itself.
/// </summary>
public sealed class BufferAllocation : IDisposable
{
    private readonly AddressSpace _space;
    private readonly Reservation? _reservation;
    private readonly RangeLock? _lock;
    private readonly IDeviceCalls _calls;
    private readonly string _device;
    private int _disposed;

    internal BufferAllocation(AddressSpace space, BufferTypeFacts facts, IBuffer buffer, in BufferRequest request, Reservation? reservation, RangeLock? held, PartReceipt? receipt,
        IDeviceCalls? calls = null, string device = "")
    {
        (_space, Facts, Buffer, _reservation, _lock, Receipt) = (space, facts, buffer, reservation, held, receipt);
        (_calls, _device) = (calls ?? DirectCalls.Instance, device);
        (Range, Length, Usage, IsReadOnly) = (request.Range, request.Length, request.Usage, request.Backing is { Access: HostAccess.Read });
    }

    /// <summary>The plugin's own buffer: what the plugin expects in a <see cref="Abstractions.Tensors.TensorRef"/>.</summary>
    public IBuffer Buffer { get; }

    /// <summary>The type that made it.</summary>
    public IBufferType Type => Facts.Type;

    /// <summary>The addresses it answers to.</summary>
    public AddressRange Range { get; }

    /// <summary>Bytes stored, 0 for an empty buffer.</summary>
    public nuint Length { get; }

    /// <summary>What it was made for.</summary>
    public BufferUsage Usage { get; }

    /// <summary>True if it stands on a mapped file.</summary>
    public bool IsReadOnly { get; }

    /// <summary>What was committed and locked for it; null for a part of a composition, whose receipt has it.</summary>
    public PartReceipt? Receipt { get; }

    internal BufferTypeFacts Facts { get; }

    /// <summary>
    /// True if the plugin could not promise, when the buffer was disposed, that the device is through with its memory (<see cref="FaultKind.TimedOut"/>). Memory and addresses are then
    /// kept for good: whatever came to lie there might be overwritten.
    /// </summary>
    internal bool IsKept { get; private set; }

    /// <summary>
    /// Disposes the buffer, then gives back its locks, memory and addresses, also when the plugin throws, unless the device may still be writing there; that is reported by
    /// <see cref="AddressSpace.BufferFaulted"/>. Twice is harmless.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        BackendFaultException? fault = null;
        try
        {
            _calls.Run(_device, "disposing a buffer", Buffer.Dispose);
        }
        catch (Exception exception)
        {
            fault = BackendCall.Translate(Facts.Name, "disposing a buffer", exception);
        }
        _space.Unregister(Buffer, Range);
        _lock?.Dispose();
        IsKept = fault is { Kind: FaultKind.TimedOut };
        if (!IsKept)
            _reservation?.Dispose();
        if (fault is not null)
            _space.Report(fault);
    }
}
