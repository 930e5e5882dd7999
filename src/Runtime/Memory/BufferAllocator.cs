using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// Makes buffers: reserves their addresses, puts memory there where the type stands on host memory, asks the plugin, and compares
/// its answer with what was asked. After any failure nothing is held. Safe from any thread as far as the device's calls are serialised.
/// </summary>
public sealed class BufferAllocator
{
    private const nuint HugePage = 2u << 20;
    private readonly AddressSpace _space;
    private readonly MemoryPolicy _policy;
    private readonly IDeviceCalls _calls;

    /// <summary>Creates an allocator.</summary>
    /// <param name="space">Where addresses come from.</param>
    /// <param name="policy">Bound on single allocations, and what is to be locked; null for none.</param>
    public BufferAllocator(AddressSpace space, MemoryPolicy? policy = null) : this(space, policy, DirectCalls.Instance) { }

    internal BufferAllocator(AddressSpace space, MemoryPolicy? policy, IDeviceCalls calls)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _policy, _calls) = (space, policy ?? MemoryPolicy.Default, calls);
    }

    /// <summary>The largest buffer of a type in bytes: the type's own bound, or that of the policy if it is lower.</summary>
    public nuint LargestAllocation(IBufferType type) => Largest(BufferTypeFacts.Read(type));

    /// <summary>Makes a buffer with addresses of its own.</summary>
    /// <param name="type">What kind.</param>
    /// <param name="length">Bytes to store; 0 makes an empty buffer.</param>
    /// <param name="usage">What for; with the policy's scope it decides whether the memory is locked.</param>
    /// <param name="lockPolicy">Lock policy of this buffer instead of the policy's.</param>
    /// <param name="device">Name of the device, for messages and the receipt.</param>
    /// <exception cref="TooLargeException">More than <see cref="LargestAllocation"/>; splitting is the caller's.</exception>
    /// <exception cref="HostMemoryException">The system has no addresses or no memory.</exception>
    /// <exception cref="BackendFaultException">The plugin threw, or made another buffer than it was asked for.</exception>
    /// <exception cref="MemoryRefusedException">Locking is required and impossible.</exception>
    public BufferAllocation Allocate(IBufferType type, nuint length, BufferUsage usage = BufferUsage.Any, LockPolicy? lockPolicy = null, string device = "")
    {
        var facts = BufferTypeFacts.Read(type);
        if (length > Largest(facts))
            throw new TooLargeException(facts.Name, length, Largest(facts));
        var wish = lockPolicy ?? (ScopeOf(usage) != LockScope.None && _policy.Scope.HasFlag(ScopeOf(usage)) ? _policy.Lock : LockPolicy.Off);
        var huge = facts.Traits.HostVisible && usage is BufferUsage.KvCache or BufferUsage.Workspace && length >= HugePage;
        Reservation? reservation = null;
        RangeLock? held = null;
        IBuffer? buffer = null;
        var request = default(BufferRequest);
        try
        {
            var lockable = CheckLock(facts, length, wish, usage);
            var span = length == 0 ? facts.BaseAlignment : length;
            reservation = _space.Reserve(span, huge ? nuint.Max(HugePage, facts.BaseAlignment) : facts.BaseAlignment);
            HostMemory? backing = facts.Traits.HostVisible ? reservation.Commit(0, span) : null;
            if (huge)
                _space.Platform.Advise(reservation.Range.Start, reservation.Range.Length, MemoryAdvice.HugePages);
            request = new BufferRequest { Range = new(reservation.Range.Start, span), Length = length, Backing = backing, Usage = usage };
            buffer = Make(_space, facts, request, _calls, device);
            string? reason = null;
            if (lockable != 0 && !_space.Locks.TryLock(new(reservation.Range.Start, lockable), out held, out reason) && wish == LockPolicy.Require)
                throw new MemoryRefusedException(new MemoryRefusal(MemoryRefusalCode.LockFailed, Subject(usage), reason!, "allow the lock, or use `--mlock try`"));
            var receipt = AllocationReceipts.Of(_space, facts, request, device, wish, reason);
            return new BufferAllocation(_space, facts, buffer, request, reservation, held, receipt, _calls, device);
        }
        catch
        {
            if (buffer is not null)
                new BufferAllocation(_space, facts, buffer, request, reservation, held, null, _calls, device).Dispose();
            // The memory of a call that may still be running stays.
            else if (!_calls.IsHung(device))
                reservation?.Dispose();
            throw;
        }
    }

    /// <summary>Makes a composite: one buffer for each item, side by side in one reserved range.</summary>
    /// <param name="parts">Types and bytes, in order of address.</param>
    /// <param name="usage">What for.</param>
    /// <exception cref="TooLargeException">A part is larger than its type allows.</exception>
    /// <exception cref="HostMemoryException">The system has no addresses or no memory.</exception>
    /// <exception cref="BackendFaultException">A plugin threw, or made another buffer than it was asked for.</exception>
    public MultiBuffer AllocateComposite(IReadOnlyList<(IBufferType Type, nuint Length)> parts, BufferUsage usage = BufferUsage.Any)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var layout = new List<(BufferTypeFacts Facts, nuint Offset, nuint Length)>(parts.Count);
        nuint end = 0, alignment = 1;
        foreach (var (type, length) in parts)
        {
            var facts = BufferTypeFacts.Read(type);
            if (length > Largest(facts))
                throw new TooLargeException(facts.Name, length, Largest(facts));
            // Aligned for its tensors, too, so that an aligned offset in the composite is one in the part.
            var unit = nuint.Max(_space.PageSize, nuint.Max(facts.BaseAlignment, facts.TensorAlignment));
            var offset = (end + (unit - 1)) & ~(unit - 1);
            layout.Add((facts, offset, length));
            end = checked(offset + nuint.Max(length, facts.BaseAlignment));
            alignment = nuint.Max(alignment, unit);
        }
        var reservation = _space.Reserve(end, alignment);
        var made = new List<BufferAllocation>(parts.Count);
        try
        {
            foreach (var (facts, offset, length) in layout)
            {
                var span = length == 0 ? facts.BaseAlignment : length;
                HostMemory? backing = facts.Traits.HostVisible ? reservation.Commit(offset, span) : null;
                made.Add(AllocateIn(_space, facts, new BufferRequest { Range = reservation.Range.Slice(offset, span), Length = length, Backing = backing, Usage = usage }));
            }
            return new MultiBuffer(reservation, made);
        }
        catch
        {
            for (var i = made.Count - 1; i >= 0; i--)
                made[i].Dispose();
            if (!made.Exists(part => part.IsKept))
                reservation.Dispose();
            throw;
        }
    }

    /// <summary>Makes a part of a composition whose addresses and memory the caller holds.</summary>
    internal static BufferAllocation AllocateIn(AddressSpace space, BufferTypeFacts facts, in BufferRequest request, IDeviceCalls? calls = null, string device = "") =>
        new(space, facts, Make(space, facts, request, calls ?? DirectCalls.Instance, device), request, null, null, null, calls, device);

    private static IBuffer Make(AddressSpace space, BufferTypeFacts facts, in BufferRequest request, IDeviceCalls calls, string device)
    {
        var (wanted, made) = (request, default(IBuffer));
        calls.Run(device, $"allocating {request.Length} bytes", () => made = Make(space, facts, wanted));
        return made!;
    }

    /// <summary>Asks the plugin, compares its answer with the request, and enters the buffer.</summary>
    private static IBuffer Make(AddressSpace space, BufferTypeFacts facts, in BufferRequest request)
    {
        IBuffer? buffer;
        try
        {
            buffer = facts.Type.Allocate(request);
        }
        catch (Exception exception)
        {
            throw BackendCall.Translate(facts.Name, $"allocating {request.Length} bytes", exception);
        }
        if (buffer is null)
            throw new BackendFaultException(FaultKind.Defect, facts.Name, $"allocating {request.Length} bytes", "it returned no buffer");
        try
        {
            if (FindLie(facts, buffer, request) is { } lie)
                throw new BackendFaultException(FaultKind.Defect, facts.Name, $"allocating {request.Length} bytes", lie);
            space.Register(buffer, request.Range, request.Backing is { Access: HostAccess.Read });
            return buffer;
        }
        catch (Exception exception)
        {
            try
            {
                buffer.Dispose();
            }
            catch (Exception second)
            {
                space.Report(BackendCall.Translate(facts.Name, "disposing a buffer", second));
            }
            throw BackendCall.Translate(facts.Name, "describing a buffer", exception);
        }
    }

    /// <summary>What the buffer says of itself that is not what was asked, or null.</summary>
    private static string? FindLie(BufferTypeFacts facts, IBuffer buffer, in BufferRequest request)
    {
        if (!ReferenceEquals(buffer.Type, facts.Type))
            return "the buffer names another type than the one that made it";
        if (buffer.Range != request.Range)
            return $"the buffer answers to {buffer.Range} instead of {request.Range}";
        if (buffer.Length != request.Length)
            return $"the buffer stores {buffer.Length} bytes instead of {request.Length}";
        if (buffer.Usage != request.Usage)
            return $"the buffer is for {buffer.Usage} instead of {request.Usage}";
        var readOnly = request.Backing is { Access: HostAccess.Read };
        if (buffer.IsReadOnly != readOnly)
            return readOnly ? "the buffer claims to be writable on a read-only mapping" : "the buffer claims to be read-only";
        var has = buffer.TryGetPointer(out var pointer);
        if (has != (facts.Traits.HostVisible && request.Length != 0))
            return has ? "the buffer gives a pointer although it has none to give" : "the buffer gives no pointer although its type is host-visible";
        return pointer != (has ? (nint)request.Range.Start : 0) ? $"the buffer's pointer 0x{pointer:x} is not its base address 0x{request.Range.Start:x}" : null;
    }

    /// <summary>Bytes to lock at the start of the buffer.</summary>
    private nuint CheckLock(BufferTypeFacts facts, nuint length, LockPolicy wish, BufferUsage usage)
    {
        if (wish == LockPolicy.Off || length == 0)
            return 0;
        if (!facts.Traits.HostVisible)
        {
            if (wish == LockPolicy.Require && facts.Traits.Residency != Residency.Resident)
                throw new MemoryRefusedException(LockFates.RefuseDevice(Subject(usage), facts));
            return 0;
        }
        var bytes = _space.PageUp(length);
        var limits = _space.QueryLimits();
        if (wish == LockPolicy.Require && limits.RefuseLock(Subject(usage), bytes) is { } refusal)
            throw new MemoryRefusedException(refusal);
        return nuint.Min(bytes, limits.Lockable ?? bytes);
    }

    private nuint Largest(BufferTypeFacts facts) => nuint.Min(facts.MaxLength, _policy.LargestAllocation ?? nuint.MaxValue);

    private static LockScope ScopeOf(BufferUsage usage) => usage switch
    {
        BufferUsage.Weights => LockScope.Weights,
        BufferUsage.KvCache => LockScope.KvCache,
        BufferUsage.Workspace => LockScope.Workspace,
        _ => LockScope.None,
    };

    private static string Subject(BufferUsage usage) => usage switch
    {
        BufferUsage.Weights => "weights",
        BufferUsage.KvCache => "KV cache",
        BufferUsage.Workspace => "workspace",
        _ => "buffer",
    };
}
