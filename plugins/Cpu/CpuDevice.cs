using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Memory;
using Hotplug.Cpu.Programs;
using Hotplug.Cpu.Roofline;

namespace Hotplug.Cpu;

/// <summary>The processor.</summary>
internal sealed class CpuDevice(CpuSettings settings, IWorkerGroup workers, IPluginHost host) : IDevice, ICopiesFrom, IDeviceRoofline
{
    private readonly IProgramBuilder _builder = settings.InstructionSet switch
    {
        InstructionSet.Avx512 => new ProgramBuilder<Lanes512>(InstructionSet.Avx512, settings.Activations),
        InstructionSet.Avx2 => new ProgramBuilder<Lanes256>(InstructionSet.Avx2, settings.Activations),
        _ => new ProgramBuilder<Lanes128>(InstructionSet.Vector128, settings.Activations),
    };

    private readonly Lock _gate = new();
    private Task _rehearsal = Task.CompletedTask;

    public DeviceInfo Info { get; } = new()
    {
        Id = "cpu",
        // What is not the default is said.
        Name = settings.Activations == ActivationBits.Sixteen ? ProcessorName.Read() : $"{ProcessorName.Read()}, activations of {(int)settings.Activations} bits",
        Kind = DeviceKind.Cpu,
        PhysicalIdentity = "cpu",
        KvPageTokens = CpuKvLayout.PageTokens,
        KvTypes = CpuKvLayout.Types,
        IsDeterministic = true,
        IsBatchInvariant = true,
    };

    public IReadOnlyList<IBufferType> BufferTypes { get; } = [CpuBufferType.Instance];

    public DeviceMemory QueryMemory() => HostMemoryStatus.Read();

    public Support Supports(in OperationQuery query) => CpuRules.Instance.Ask(query);

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => new CpuKvLayout(spec);

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
        {
            // Where the weights lie is known at compile; the planner has asked for it.
            var answer = Supports(new OperationQuery { Operation = operation, Bounds = slice.Bounds, WeightBufferType = CpuBufferType.Instance, KvCache = slice.KvLayout?.Spec });
            if (!answer.IsSupported) throw new UnsupportedException(answer.Reason);
        }
        if (slice.KvLayout is not (null or CpuKvLayout))
            throw new UnsupportedException("The KV layout of the slice is not one that cpu made. Use PrepareKvCache of the same device.");
        Rehearse(slice);
        return new ProgramPlanner(slice, workers.Count, _builder).Plan();
    }

    /// <summary>Waits until nothing of the device runs beside its calls any more.</summary>
    public Task EndAsync()
    {
        lock (_gate) return _rehearsal;
    }

    // One after the other, beside the planning and the loading.
    private void Rehearse(GraphSlice slice)
    {
        lock (_gate) _rehearsal = _rehearsal.ContinueWith(_ => _builder.Rehearse(slice), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
    {
        if (plan is not CpuPlan own)
            throw new ArgumentException("The plan was not made by cpu.", nameof(plan));
        var phases = _builder.Build(own.Layout, weight => Pointer(weights[weight]));
        var roots = Operand.FirstBinding + own.Slice.Inputs.Count + own.Slice.Outputs.Count;
        return new CpuExecutable(workers, phases, new StepState(roots, own.Layout.ScratchOffset, own.Layout.ScratchBytes, own.Layout.SharedOffset), own);
    }

    public unsafe bool TryCopy(in TensorRef source, in TensorRef destination, long rows)
    {
        if (!source.Buffer.Type.Traits.HostVisible || !source.Buffer.Type.Traits.StandardLayout || destination.Buffer is not CpuBuffer) return false;
        TensorAccess.CheckWritable(destination.Buffer);
        var bytes = checked(rows * destination.Spec.RowBytes);
        if (source.Spec.Type != destination.Spec.Type || source.Spec.Shape.D0 != destination.Spec.Shape.D0 || rows > source.Spec.RowCount || rows > destination.Spec.RowCount)
            throw new ArgumentException($"{rows} rows of {source.Spec} cannot be copied to {destination.Spec}.", nameof(rows));
        if (bytes == 0) return true;
        TensorAccess.CheckBytes(source.Buffer, source.Offset, (nuint)bytes);
        TensorAccess.CheckBytes(destination.Buffer, destination.Offset, (nuint)bytes);
        Buffer.MemoryCopy((void*)Pointer(source), (void*)Pointer(destination), bytes, bytes);
        return true;
    }

    public IReadOnlyList<RooflineFigure> MeasureRoofline(CancellationToken cancellation) => new RooflineProbe(settings.InstructionSet, workers, host).Measure(cancellation);

    private static nint Pointer(in TensorRef tensor)
        => tensor.Spec.ByteLength == 0 ? 0
            : tensor.Buffer.TryGetPointer(out var pointer) ? pointer + (nint)tensor.Offset
            : throw new UnsupportedException($"Weight {tensor.Spec} does not lie in host memory ({tensor.Buffer.Type.Name}).");
}
