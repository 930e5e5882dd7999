using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Weights in memory: one composite buffer, its tensors and the receipt. Owns buffers, memory, locks and addresses. Reading is safe from any thread.</summary>
public sealed class ComposedWeights : IDisposable
{
    private readonly (string, long, DateTime)[] _files;
    private readonly AddressSpace _space;
    private readonly Reservation _reservation;
    private readonly TensorRef[] _tensors;
    private readonly RangeLock[] _locks;
    private int _disposed;

    internal ComposedWeights(CompositionPlan plan, (string, long, DateTime)[] files, AddressSpace space, Reservation reservation, MultiBuffer buffer, TensorRef[] tensors, RangeLock[] locks, LoadReceipt receipt) =>
        (Plan, _files, _space, _reservation, Buffer, _tensors, _locks, Receipt) = (plan, files, space, reservation, buffer, tensors, locks, receipt);

    /// <summary>All parts as one buffer.</summary>
    public MultiBuffer Buffer { get; }

    /// <summary>What was planned, and so loaded.</summary>
    public CompositionPlan Plan { get; }

    /// <summary>What came of it, measured right after the load.</summary>
    public LoadReceipt Receipt { get; }

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>The tensor of a request, named by its physical buffer.</summary>
    public TensorRef this[int request] => _tensors[request];

    /// <summary>Asks the system to bring the mapped pages into its cache, in the background as far as it can. Takes long on some systems: call it on a thread of its own.</summary>
    public void Prefetch()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        // Holds the range, so that disposing meanwhile does not pull it away.
        using var range = _reservation.Share();
        foreach (var part in Plan.Parts)
        {
            if (part.Backing == PartBacking.FileMapping)
                _space.Platform.Advise(range.Range.Start + part.Offset, part.Length, MemoryAdvice.WillNeed);
        }
    }

    /// <summary>Unlocks, disposes the buffers, then gives back memory and addresses. Twice is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        for (var i = _locks.Length - 1; i >= 0; i--)
            _locks[i].Dispose();
        Buffer.Dispose();
    }

    /// <summary>The range to stand on beside these weights, if the other plan lies on it alike and only reads it.</summary>
    internal Reservation? TryShare(CompositionPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space)
        => _disposed == 0 && CanShare(plan, files, space) ? _reservation.Share() : null;

    /// <summary>Whether weights of another plan would stand on the same range: all of it mapped, and laid out alike.</summary>
    internal bool CanShare(CompositionPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space)
    {
        if (!ReferenceEquals(space, _space) || plan.Length != Plan.Length || plan.Parts.Count != Plan.Parts.Count || Buffer.Range.Start % plan.Alignment != 0)
            return false;
        for (var i = 0; i < plan.Parts.Count; i++)
        {
            var (mine, other) = (Plan.Parts[i], plan.Parts[i]);
            if (mine.Backing != PartBacking.FileMapping || other.Backing != PartBacking.FileMapping || mine.Offset != other.Offset || mine.Length != other.Length
                || mine.FileOffset != other.FileOffset || _files[mine.File] != files[other.File].Identity)
                return false;
        }
        return true;
    }
}
