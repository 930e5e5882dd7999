using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>One load. Owns what it has made until it hands it over; disposed before, it gives everything back.</summary>
internal sealed class CompositionLoad(CompositionPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space, ProgressMeter meter, IDeviceCalls calls, CancellationToken cancellation) : IDisposable
{
    /// <summary>Bytes locked at a time: small enough to cancel in between, large enough not to matter.</summary>
    private const nuint LockStep = 64 << 20;

    private readonly List<BufferAllocation> _made = new(plan.Parts.Count);
    private readonly List<RangeLock> _locks = [];
    private readonly Dictionary<int, string> _lockFailures = [];
    private Reservation? _reservation;

    public ComposedWeights Run(ComposedWeights? beside)
    {
        VerifyFiles();
        var lockedBefore = space.Platform.QueryLocked();
        MakeParts(beside);
        new TensorFill(plan, files, _made, meter, calls, cancellation).Run();
        // What was read is what was planned only if nobody wrote to the files meanwhile.
        VerifyFiles();
        LockTensors();
        var receipt = LoadReceipts.Of(plan, space, _reservation!.Range, _lockFailures, lockedBefore);
        cancellation.ThrowIfCancellationRequested();
        return HandOver(receipt);
    }

    public void Dispose()
    {
        for (var i = _locks.Count - 1; i >= 0; i--)
            _locks[i].Dispose();
        for (var i = _made.Count - 1; i >= 0; i--)
            _made[i].Dispose();
        // What a call that was given up may still be touching stays.
        if (!_made.Exists(part => part.IsKept) && !plan.Parts.Any(part => calls.IsHung(part.Device)))
            _reservation?.Dispose();
    }

    private ComposedWeights HandOver(Receipts.LoadReceipt receipt)
    {
        var tensors = new TensorRef[plan.Tensors.Count];
        foreach (var tensor in plan.Tensors)
            tensors[tensor.Request] = new TensorRef(_made[tensor.Part].Buffer, tensor.Offset, tensor.Spec);
        var weights = new ComposedWeights(plan, [.. files.Select(file => file.Identity)], space, _reservation!, new MultiBuffer(_reservation!, _made), tensors, [.. _locks], receipt);
        _locks.Clear();
        _made.Clear();
        _reservation = null;
        return weights;
    }

    private void VerifyFiles()
    {
        foreach (var file in plan.Tensors.Select(tensor => tensor.File).Distinct())
        {
            if (file < 0 || file >= files.Count)
                throw new ArgumentException($"The plan reads file {file}, and {files.Count} were given.", nameof(files));
            files[file].Verify();
        }
    }

    private void MakeParts(ComposedWeights? beside)
    {
        var shared = beside?.TryShare(plan, files, space);
        _reservation = shared ?? space.Reserve(plan.Length, plan.Alignment);
        foreach (var part in plan.Parts)
        {
            cancellation.ThrowIfCancellationRequested();
            var range = _reservation.Range.Slice(part.Offset, part.Span);
            HostMemory? backing = part.Backing switch
            {
                PartBacking.Device => null,
                _ when shared is not null => new HostMemory((nint)range.Start, part.Length, HostAccess.Read),
                PartBacking.FileMapping => _reservation.MapFile(part.Offset, files[part.File], part.FileOffset, part.Length),
                _ => _reservation.Commit(part.Offset, part.Span),
            };
            _made.Add(BufferAllocator.AllocateIn(space, part.Facts, new BufferRequest { Range = range, Length = part.Length, Backing = backing, Usage = BufferUsage.Weights }, calls, part.Device));
            // Weights are read in order from end to end in every step: with small pages their translations are fetched from memory as well.
            if (part.Backing == PartBacking.Committed && shared is null)
                space.Platform.Advise(range.Start, range.Length, MemoryAdvice.HugePages);
            if (part.Backing == PartBacking.FileMapping)
                meter.Add(LoadStage.Mapping, part, (long)part.Length);
        }
    }

    private void LockTensors()
    {
        foreach (var i in plan.LockOrder)
        {
            var tensor = plan.Tensors[i];
            var part = plan.Parts[tensor.Part];
            var held = _locks.Count;
            for (nuint at = 0; at < tensor.Size; at += LockStep)
            {
                cancellation.ThrowIfCancellationRequested();
                var piece = _reservation!.Range.Slice(part.Offset + tensor.Offset + at, nuint.Min(LockStep, tensor.Size - at));
                if (space.Locks.TryLock(piece, out var taken, out var reason))
                {
                    _locks.Add(taken!);
                    continue;
                }
                if (tensor.LockWish == LockPolicy.Require)
                    throw new MemoryRefusedException(new MemoryRefusal(MemoryRefusalCode.LockFailed, tensor.Spec.Name, $"locking is required, and {reason}", "free memory or raise the limit, or use `--mlock try`"));
                // A tensor is locked or not: half of one keeps nothing from waiting for the disk.
                for (var k = _locks.Count - 1; k >= held; k--)
                    _locks[k].Dispose();
                _locks.RemoveRange(held, _locks.Count - held);
                _lockFailures[i] = reason!;
                break;
            }
            meter.Add(LoadStage.Locking, part, tensor.Bytes);
        }
    }
}
