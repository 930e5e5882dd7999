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
using Hotplug.Gpu.Discovery;
using Hotplug.Gpu.Drivers;
using Hotplug.Gpu.KvCache;
using Hotplug.Gpu.Memory;
using Hotplug.Gpu.Programs;
using Hotplug.Gpu.Programs.Launches;
using ILGPU.Runtime;
using IDevice = Hotplug.Abstractions.Devices.IDevice;

namespace Hotplug.Gpu;

/// <summary>One accelerator.</summary>
internal sealed class GpuDevice : IDevice, ICopiesFrom, IDisposable
{
    /// <summary>Tokens in a page of the KV cache.</summary>
    public const int PageTokens = 32;

    private readonly GpuBufferType _staging;
    private readonly ProgramRules _rules;
    private readonly GpuRules _support;

    public GpuDevice(IPluginHost host, DeviceSettings settings, FoundDevice found)
    {
        Facts = found.Facts;
        Thread = new DeviceThread(host, Facts, found.Open);
        Budget = new MemoryBudget(settings.Memory);
        // A driver that says 0 does not know.
        MaxAllocation = Math.Min(Facts.MaxAllocation > 0 ? Facts.MaxAllocation : int.MaxValue / 4096 * 4096, (settings.MaxAllocation ?? long.MaxValue) / 4096 * 4096);
        var name = $"gpu.{Facts.Id}";
        Packed = new GpuBufferType(this, name, GpuBufferKind.Packed);
        Plain = new GpuBufferType(this, $"{name}.plain", GpuBufferKind.Plain);
        _staging = new GpuBufferType(this, $"{name}.staging", GpuBufferKind.Staging);
        Adopted = Facts.Adopts ? new GpuBufferType(this, $"{name}.host", GpuBufferKind.Host) : null;
        BufferTypes = Adopted is null ? [Packed, Plain, _staging] : [Packed, Plain, Adopted, _staging];
        (_rules, _support) = (ProgramBuilder.Rules(this), new GpuRules(this));
        Info = new DeviceInfo
        {
            Id = Facts.Id,
            Name = Facts.Name,
            Kind = Facts.Kind,
            PhysicalIdentity = Facts.PhysicalIdentity,
            // PCI Express at some 10 GB/s, and what a driver takes to start a copy and wait for it.
            CopyCost = new() { LatencyNanoseconds = 20_000, NanosecondsPerByte = 0.1 },
            KvPageTokens = PageTokens,
            KvTypes = CacheKernels.Types,
            IsDeterministic = true,
        };
    }

    public DeviceInfo Info { get; }

    public DriverFacts Facts { get; }

    /// <summary>The device's thread and driver.</summary>
    public DeviceThread Thread { get; }

    /// <summary>What is taken of the memory.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Bytes of the largest allocation.</summary>
    public long MaxAllocation { get; }

    /// <summary>Device memory for weights.</summary>
    public GpuBufferType Packed { get; }

    /// <summary>Device memory in the standard layout.</summary>
    public GpuBufferType Plain { get; }

    /// <summary>Host memory that kernels work in, or null.</summary>
    public GpuBufferType? Adopted { get; }

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    public DeviceMemory QueryMemory()
    {
        var memory = Thread.QueryMemory();
        if (Budget.Limit is not { } limit || Thread.IsLost) return memory;
        var left = (ulong)Math.Max(0, limit - Budget.Used);
        return new(Math.Min(memory.Total ?? ulong.MaxValue, (ulong)limit), Math.Min(memory.Free ?? ulong.MaxValue, left));
    }

    public Support Supports(in OperationQuery query) => _support.Ask(query);

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => new GpuKvLayout(this, spec);

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
        {
            // Where the weights lie is known at compile; the planner has asked for it.
            var answer = Supports(new OperationQuery { Operation = operation, Bounds = slice.Bounds, WeightBufferType = Packed, KvCache = slice.KvLayout?.Spec });
            if (!answer.IsSupported) throw new UnsupportedException(answer.Reason);
        }
        if (slice.KvLayout is { } layout && (layout as GpuKvLayout)?.Device != this)
            throw new UnsupportedException($"The KV layout of the slice is not one that {Facts.Id} made. Use PrepareKvCache of the same device.");
        return new GpuPlan(this, ProgramPlanner.Plan(slice, _rules));
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
        => plan is GpuPlan own && own.Device == this ? new GpuExecutable(own, weights)
            : throw new ArgumentException($"The plan was not made by {Facts.Id}.", nameof(plan));

    public unsafe bool TryCopy(in TensorRef source, in TensorRef destination, long rows)
    {
        if (destination.Buffer is not GpuBuffer to || to.GpuType.Device != this) return false;
        if (source.Spec.Type != destination.Spec.Type || source.Spec.Shape.D0 != destination.Spec.Shape.D0) return false;
        var bytes = checked((int)(rows * destination.Spec.RowBytes));
        if (source.Buffer is DeviceBuffer from && from.GpuType.Device == this)
        {
            if (to is not DeviceBuffer || from.GpuType != to.GpuType) return false;
            TensorAccess.CheckRows(from, source, 0, bytes);
            TensorAccess.CheckRows(to, destination, 0, bytes);
            var (read, written) = (new RowTransfer(source, 0, rows, to.GpuType == Packed), new RowTransfer(destination, 0, rows, to.GpuType == Packed));
            if (written.Bytes == 0) return true;
            Thread.Run(() =>
            {
                Thread.Driver.Copy(from.View.SubView(read.Offset, read.Bytes), to.View.SubView(written.Offset, written.Bytes));
                Thread.Driver.Synchronize();
            });
            return true;
        }
        // From memory that the host can see, a copy is a write.
        if (source.Buffer.Type.Traits is not { HostVisible: true, StandardLayout: true } || !source.Buffer.TryGetPointer(out var pointer)) return false;
        TensorAccess.CheckBytes(source.Buffer, source.Offset, (nuint)bytes);
        to.Write(destination, 0, new ReadOnlySpan<byte>((void*)(pointer + (nint)source.Offset), bytes));
        return true;
    }

    public void Dispose() => Thread.Dispose();
}
