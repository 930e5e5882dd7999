using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Memory;
using Hotplug.Accelerators.Programs;
using Hotplug.Accelerators.Settings;
using Hotplug.Metal.Diagnostics;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.KvCache;
using Hotplug.Metal.Memory;
using Hotplug.Metal.Programs;
using Hotplug.Metal.Programs.Launches;

namespace Hotplug.Metal;

/// <summary>One graphics processor. Owns its handle.</summary>
internal sealed class MetalGpu : IDevice, ICopiesFrom, IDeviceDiagnostics, IDisposable
{
    /// <summary>Tokens in a page of the KV cache.</summary>
    public const int PageTokens = 32;

    private readonly IPluginHost _host;
    private readonly MetalDevice _device;
    private readonly ProgramRules _rules;
    private readonly MetalRules _support;
    private bool _disposed;

    /// <param name="host">Lends staging memory.</param>
    /// <param name="settings">What the user allows.</param>
    /// <param name="device">The device, which is taken over.</param>
    /// <param name="number">Its number among those that are used.</param>
    /// <param name="time">The clock of what is done from time to time.</param>
    public MetalGpu(IPluginHost host, DeviceSettings settings, MetalDevice device, int number, TimeProvider time)
    {
        (_host, _device) = (host, device);
        PageSize = device.Runtime.PageSize;
        IsUnified = device.HasUnifiedMemory;
        Budget = new MemoryBudget(settings.Memory);
        var largest = (long)Math.Min(device.MaxBufferLength, long.MaxValue);
        MaxAllocation = Math.Min(largest, settings.MaxAllocation ?? long.MaxValue) / PageSize * PageSize;
        var id = $"gpu{number}";
        Thread = new MetalThread(host, device, id, time);
        // With several devices the first has the short names.
        var name = number == 0 ? "metal" : $"metal.{id}";
        Mapped = new MetalBufferType(this, $"{name}.mapped", MetalBufferKind.Mapped);
        Shared = new MetalBufferType(this, $"{name}.shared", MetalBufferKind.Shared);
        Private = new MetalBufferType(this, $"{name}.private", MetalBufferKind.Private);
        BufferTypes = IsUnified ? [Mapped, Shared, Private] : [Private, Mapped, Shared];
        (_rules, _support) = (ProgramBuilder.Rules(this), new MetalRules(this));
        Info = new DeviceInfo
        {
            Id = id,
            Name = device.Name,
            Kind = IsUnified ? DeviceKind.IntegratedGpu : DeviceKind.Gpu,
            PhysicalIdentity = $"registry:{device.RegistryId:x}",
            // Unified: a copy within memory. Otherwise PCI Express at some 10 GB/s, and what a command buffer takes to be started and waited for.
            CopyCost = IsUnified ? new() { LatencyNanoseconds = 1_000, NanosecondsPerByte = 0.03 } : new() { LatencyNanoseconds = 100_000, NanosecondsPerByte = 0.1 },
            KvPageTokens = PageTokens,
            KvTypes = [TensorType.F32, TensorType.F16, TensorType.BF16],
            IsDeterministic = true,
        };
    }

    public DeviceInfo Info { get; }

    /// <summary>The device's thread and queue.</summary>
    public MetalThread Thread { get; }

    /// <summary>What is taken of the memory.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Bytes of a page.</summary>
    public int PageSize { get; }

    /// <summary>Whether the device works on the memory of the host.</summary>
    public bool IsUnified { get; }

    /// <summary>Bytes of the largest buffer, whole pages.</summary>
    public long MaxAllocation { get; }

    /// <summary>Views over host memory.</summary>
    public MetalBufferType Mapped { get; }

    /// <summary>Host memory for what is computed.</summary>
    public MetalBufferType Shared { get; }

    /// <summary>The device's own memory.</summary>
    public MetalBufferType Private { get; }

    /// <summary>Where workspace, inputs, outputs and KV pages lie.</summary>
    public MetalBufferType Working => IsUnified ? Shared : Private;

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    public DeviceMemory QueryMemory()
    {
        if (_disposed || Thread.IsLost) return default;
        var recommended = _device.RecommendedMaxWorkingSetSize;
        var total = Math.Min(recommended == 0 ? ulong.MaxValue : recommended, (ulong)(Budget.Limit ?? long.MaxValue));
        if (recommended == 0 && Budget.Limit is null) return default;
        var free = recommended == 0 ? ulong.MaxValue : recommended - Math.Min(recommended, _device.CurrentAllocatedSize);
        if (Budget.Limit is { } limit) free = Math.Min(free, (ulong)Math.Max(0, limit - Budget.Used));
        return new(total, Math.Min(total, free));
    }

    public Support Supports(in OperationQuery query) => _support.Ask(query);

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => new MetalKvLayout(this, spec);

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
        {
            // Where the weights lie is known at compile; the planner has asked for it.
            var answer = Supports(new OperationQuery { Operation = operation, Bounds = slice.Bounds, WeightBufferType = Mapped, KvCache = slice.KvLayout?.Spec });
            if (!answer.IsSupported) throw new UnsupportedException(answer.Reason);
        }
        if (slice.KvLayout is { } layout && (layout as MetalKvLayout)?.Device != this)
            throw new UnsupportedException($"The KV layout of the slice is not one that {Info.Id} made. Use PrepareKvCache of the same device.");
        return new MetalPlan(this, ProgramPlanner.Plan(slice, _rules));
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
        => plan is MetalPlan own && own.Device == this ? new MetalExecutable(own, weights)
            : throw new ArgumentException($"The plan was not made by {Info.Id}.", nameof(plan));

    public unsafe bool TryCopy(in TensorRef source, in TensorRef destination, long rows)
    {
        if (destination.Buffer is not PlacedBuffer to || to.MetalType.Device != this) return false;
        if (source.Spec.Type != destination.Spec.Type || source.Spec.Shape.D0 != destination.Spec.Shape.D0) return false;
        var bytes = checked((int)(rows * destination.Spec.RowBytes));
        if (source.Buffer is PrivateBuffer from && from.MetalType.Device == this)
        {
            TensorAccess.CheckRows(from, source, 0, bytes);
            TensorAccess.CheckRows(to, destination, 0, bytes);
            TensorAccess.CheckWritable(to);
            var length = (nuint)bytes;
            if (from == to && source.Offset < destination.Offset + length && destination.Offset < source.Offset + length) return false;
            // Copies are of whole words.
            if ((source.Offset | destination.Offset | length) % BlitEncoder.Alignment != 0) return false;
            if (bytes == 0) return true;
            var (sourceOffset, destinationOffset) = ((long)source.Offset, (long)destination.Offset);
            Thread.Run(() => Thread.Driver.Copy(from.Memory!, sourceOffset, to.Memory!, destinationOffset, bytes));
            return true;
        }
        // From memory that the host can see, a copy is a write.
        if (source.Buffer.Type.Traits is not { HostVisible: true, StandardLayout: true } || !source.Buffer.TryGetPointer(out var pointer)) return false;
        TensorAccess.CheckBytes(source.Buffer, source.Offset, (nuint)bytes);
        // What the device has computed there is complete.
        if (source.Buffer is PlacedBuffer) Thread.Drain();
        to.Write(destination, 0, new ReadOnlySpan<byte>((void*)(pointer + (nint)source.Offset), bytes));
        return true;
    }

    public IReadOnlyList<DeviceDiagnostic> Diagnose()
    {
        IReadOnlyList<DeviceDiagnostic> found = [];
        Thread.Run(() => found = new DeviceDiagnosis(_host, Thread.Driver).Run());
        return found;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Thread.Dispose();
        _device.Dispose();
    }
}
