using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Execution;
using Hotplug.FarMemory.Faults;
using Hotplug.FarMemory.KvCache;
using Hotplug.FarMemory.Memory;
using Hotplug.Reference.Execution;

namespace Hotplug.FarMemory;

/// <summary>The emulated device: its memory, its queue and what it can do.</summary>
internal sealed class FarDevice : IDevice, ICopiesFrom
{
    private const int PageTokens = 8;

    private readonly IReadOnlyList<IBufferType> _bufferTypes;
    private long _allocations;
    private long _runs;
    private volatile bool _lost;

    public FarDevice(FarSettings settings)
    {
        Settings = settings;
        Queue = new FarQueue(settings.Faults);
        Heap = new FarHeap(settings.Memory, settings.FailAllocation);
        Private = new FarBufferType(this, "far", 512, new InterleavedRows());
        Plain = new FarBufferType(this, "far.plain", 128, new PlainRows());
        _bufferTypes = [Private, Plain];
    }

    public FarSettings Settings { get; }

    public FarHeap Heap { get; }

    public FarQueue Queue { get; }

    /// <summary>Memory in the private layout.</summary>
    public FarBufferType Private { get; }

    /// <summary>Memory in the standard layout: workspace, inputs and outputs, cache.</summary>
    public FarBufferType Plain { get; }

    public DeviceInfo Info => Settings.Faults.At(FarCall.DeviceInfo) ? null! : field ??= new()
    {
        Id = "far",
        Name = "Far memory",
        Kind = Settings.Kind,
        CopyCost = new() { LatencyNanoseconds = 20_000, NanosecondsPerByte = 0.25 },
        KvPageTokens = PageTokens,
        KvTypes = KvElement.Types,
        IsDeterministic = true,
        IsBatchInvariant = true,
    };

    public IReadOnlyList<IBufferType> BufferTypes => Settings.Faults.At(FarCall.BufferTypes) ? [null!] : _bufferTypes;

    public DeviceMemory QueryMemory() => Settings.Faults.At(FarCall.QueryMemory) ? new(0, ulong.MaxValue) : _lost || !Settings.ReportMemory ? new(null, null) : new((ulong)Heap.Total, (ulong)Heap.Free);

    public Support Supports(in OperationQuery query) => Settings.Faults.At(FarCall.Supports) ? default : FarSupport.Ask(this, query);

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => Settings.Faults.At(FarCall.PrepareKvCache) ? null! : new FarKvLayout(this, spec);

    public SlicePlan Prepare(GraphSlice slice)
    {
        if (Settings.Faults.At(FarCall.Prepare)) return null!;
        foreach (var operation in slice.Operations)
        {
            var answer = FarSupport.Ask(this, new() { Operation = operation, Bounds = slice.Bounds, KvCache = slice.KvLayout?.Spec });
            if (!answer.IsSupported) throw new UnsupportedException($"{operation.GetType().Name}: {answer.Reason}");
        }
        return new FarSlicePlan(slice, this, new WorkspaceLayout(slice, Settings.MaxAllocation));
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
    {
        if (Settings.Faults.At(FarCall.Compile)) return null!;
        ThrowIfLost();
        return plan is FarSlicePlan own && own.Device == this
            ? new FarExecutable(own, weights)
            : throw new ArgumentException("The plan was made by another device.", nameof(plan));
    }

    public bool TryCopy(in TensorRef source, in TensorRef destination, long rows)
    {
        Settings.Faults.At(FarCall.TryCopy);
        if (source.Buffer is not FarBuffer from || destination.Buffer is not FarBuffer to || from.Device != this || to.Device != this) return false;
        var bytes = checked((int)(rows * source.Spec.RowBytes));
        TensorAccess.CheckWritable(to);
        TensorAccess.CheckRows(from, source, 0, bytes);
        TensorAccess.CheckRows(to, destination, 0, bytes);
        if (source.Spec.Type != destination.Spec.Type || source.Spec.Shape.D0 != destination.Spec.Shape.D0) return false;
        lock (Queue.Gate)
        {
            Settle();
            to.CopyRows(source, destination, rows);
        }
        return true;
    }

    /// <summary>Why the device cannot hold a cache, or null.</summary>
    public string? WhyNotCache(KvCacheSpec spec)
    {
        if (spec.PageTokens != PageTokens) return $"pages have {PageTokens} tokens here, not {spec.PageTokens}";
        foreach (var layer in spec.Layers)
            foreach (var type in new[] { layer.KeyType, layer.ValueType })
                if (!KvElement.Types.Contains(type)) return $"a KV cache of {type} is not held here; use one of {string.Join(", ", KvElement.Types)}";
        var bytes = FarKvLayout.BytesOf(spec, (long)Plain.TensorAlignment);
        return bytes <= Settings.MaxAllocation ? null : $"a page takes {bytes} bytes, and the largest allocation is {Settings.MaxAllocation}";
    }

    /// <summary>Does what is queued, then checks the device. Under the gate.</summary>
    public void Settle()
    {
        Queue.Drain();
        ThrowIfLost();
    }

    /// <summary>Counts an allocation, and loses the device when the settings say so. Under the gate.</summary>
    public void CountAllocation()
    {
        if (++_allocations == Settings.LoseDeviceAtAllocation)
        {
            _lost = true;
            Queue.Abandon(Gone());
        }
        ThrowIfLost();
    }

    /// <summary>Counts a run, and loses the device when the settings say so. Under the gate.</summary>
    public void CountRun()
    {
        if (++_runs == Settings.HangAt) Thread.Sleep(Timeout.Infinite);
        if (_runs == Settings.LoseDeviceAfter)
        {
            _lost = true;
            Queue.Abandon(Gone());
        }
        ThrowIfLost();
    }

    public void ThrowIfLost()
    {
        if (_lost) throw Gone();
    }

    private static DeviceLostException Gone() => new("The far device is lost, as its settings ask.");
}
