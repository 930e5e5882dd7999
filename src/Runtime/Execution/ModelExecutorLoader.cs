using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory.Receipts;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Execution;

/// <summary>Executes load plans: weights, then workspaces and caches, then compilation. A failure at any point gives everything back.</summary>
public static class ModelExecutorLoader
{
    /// <summary>Loads what was planned.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="files">The files, in the order of the plan; they must stay open as long as the model.</param>
    /// <param name="space">The address space.</param>
    /// <param name="lanes">The lanes of the devices.</param>
    /// <param name="progress">Told of bytes as they are mapped, locked and written; may be null.</param>
    /// <param name="cancellation">Stops the load; nothing stays behind.</param>
    /// <param name="beside">Weights of the same files that are loaded already and live on: where the plans are equal nothing is mapped or locked twice. May be null.</param>
    /// <param name="faulted">Told which device it was when one fails, and whether its call has not come back; may be null.</param>
    /// <exception cref="MemoryRefusedException">A lock that is required was refused by the system.</exception>
    /// <exception cref="PlacementException">A device has less memory than was planned.</exception>
    /// <exception cref="Faults.BackendFaultException">A device failed otherwise.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ModelExecutor Load(LoadPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space, DeviceLanes lanes,
        IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default, ComposedWeights? beside = null,
        Action<PlacementDevice, BackendFaultException, bool>? faulted = null)
    {
        var devices = plan.Devices.Select(d => new DeviceState(d, lanes)).ToArray();
        var owned = new Stack<IDisposable>();
        var calls = new LaneCalls(devices);
        var loaded = false;
        try
        {
            var weights = CompositionLoader.Load(plan.Composition, files, space, calls, progress, cancellation, beside);
            owned.Push(weights);
            foreach (var device in devices)
            {
                owned.Push(device);
                Allocate(plan, device, space, calls);
            }
            var caches = devices.SelectMany(d => d.Caches).Where(c => c.Pages is not null).ToArray();
            for (var i = 0; i < caches.Length; i++) caches[i].Table = i;
            cancellation.ThrowIfCancellationRequested();

            var step = new StepState();
            var places = WeightPlaces(plan, weights);
            var shapes = new List<CompiledShape>();
            foreach (var shape in plan.Shapes)
            {
                shapes.Add(Compile(plan, shape, devices, places, step, owned, space));
                cancellation.ThrowIfCancellationRequested();
            }
            loaded = true;
            return new ModelExecutor(plan, weights, devices, new PagedKvCache([.. caches.Select(c => c.Pages!)]), [.. shapes], step, Receipt(weights.Receipt, devices), space);
        }
        catch (Exception failure)
        {
            if (failure is BackendFaultException fatal && Array.Find(devices, d => ReferenceEquals(d.Lane.LastFault, fatal)) is { } culprit) faulted?.Invoke(culprit.Device, fatal, culprit.Lane.IsHung);
            while (owned.TryPop(out var item)) item.Dispose();
            if (failure is BackendFaultException { Kind: FaultKind.OutOfDeviceMemory } fault) throw OutOfMemory(plan, fault);
            throw;
        }
        finally
        {
            // While a call hangs its lane stays, as its device must not be called by another.
            if (!loaded)
                foreach (var device in devices.Where(d => !d.Lane.IsHung)) device.LeaveLane();
        }
    }

    /// <summary>What the device reported as free was not to be had, or it reports nothing: said with what was planned and what can be done.</summary>
    private static PlacementException OutOfMemory(LoadPlan plan, BackendFaultException fault)
    {
        var parts = plan.Devices.Select(d => $"{d} {ByteText.Format(plan.TotalsOf(d).TotalBytes)}"
            + (d.Memory.Free is { } free ? $" of {ByteText.Format(free)} free" : " of unknown")).ToList();
        return new(PlacementFailure.OutOfMemory, $"{fault.Origin} had no room when {fault.Operation}; planned were {string.Join("; ", parts)}. Nothing was kept. "
            + "Give the device fewer layers with --gpu-layers N, shorten --context, or run on the processor with --backend cpu.", fault);
    }

    private static void Allocate(LoadPlan plan, DeviceState device, AddressSpace space, LaneCalls calls)
    {
        var policy = plan.Request.Memory;
        var allocator = new BufferAllocator(space, policy, calls);
        var first = plan.Slices.Select((s, i) => (s, i)).First(p => p.s.Device == device.Device).i;
        var type = plan.Shapes[0].Slices[first].BufferType;
        foreach (var bytes in plan.WorkspaceBlocks(device.Device)) device.Workspace.Add(Allocate(type, bytes, BufferUsage.Workspace));
        foreach (var bytes in plan.ExchangeBlocks(device.Device)) device.Exchange.Add(Allocate(type, bytes, BufferUsage.Workspace));
        foreach (var cache in plan.KvCaches.Where(k => k.Device == device.Device)) device.Caches.Add(new(Pages(cache)));
        if (device.Caches.Count == 0) device.Caches.Add(new(null));

        DevicePages Pages(KvPlan cache)
        {
            var buffers = new List<BufferAllocation>();
            try
            {
                foreach (var bytes in cache.Buffers) buffers.Add(Allocate(cache.Layout.BufferType, bytes, BufferUsage.KvCache));
                return new DevicePages(cache, buffers, device.Lane);
            }
            catch
            {
                foreach (var buffer in buffers) buffer.Dispose();
                throw;
            }
        }

        BufferAllocation Allocate(IBufferType bufferType, nuint bytes, BufferUsage usage) => allocator.Allocate(bufferType, bytes, usage, device: device.Device.Name);
    }

    private static Dictionary<PlacementDevice, WeightBindings> WeightPlaces(LoadPlan plan, ComposedWeights weights)
    {
        var places = new Dictionary<PlacementDevice, Dictionary<GraphValue, TensorRef>>();
        for (var i = 0; i < plan.Weights.Count; i++)
        {
            var placement = plan.Weights[i];
            if (!places.TryGetValue(placement.Device, out var here)) places[placement.Device] = here = new(ReferenceEqualityComparer.Instance);
            here[placement.Weight] = weights[i];
        }
        return places.ToDictionary(p => p.Key, p => new WeightBindings(p.Value));
    }

    private static CompiledShape Compile(LoadPlan plan, ShapePlan shape, DeviceState[] devices, Dictionary<PlacementDevice, WeightBindings> weights, StepState step, Stack<IDisposable> owned, AddressSpace space)
    {
        var slices = new CompiledSlice[plan.Slices.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            var cut = plan.Slices[i];
            var device = State(cut.Device);
            var (slicePlan, bindings) = (shape.Slices[i], weights.GetValueOrDefault(cut.Device) ?? new WeightBindings(new Dictionary<GraphValue, TensorRef>()));
            var executable = device.Lane.Run(() => device.Device.Device.Compile(slicePlan, bindings), "compiling a slice");
            var copies = shape.Copies.Where(c => c.BeforeSlice == i)
                .Select(c => new ValueCopy(State(c.Source), Place(c.Source, c.Value), State(c.Destination), Place(c.Destination, c.Value), c.Value, step)).ToArray();
            slices[i] = new CompiledSlice(device, device.Caches.Find(c => c.Window == cut.KvWindow) ?? device.Caches[0], executable,
                [.. cut.Inputs.Select(v => Place(cut.Device, v))], [.. cut.Outputs.Select(v => Place(cut.Device, v))],
                [.. slicePlan.WorkspaceBlocks.Select((_, b) => device.Workspace[b].Buffer)], copies, step);
            owned.Push(new LaneDisposal(device.Lane, slices[i], space));
        }
        var last = plan.Slices[^1].Device;
        return new CompiledShape(shape.Bounds, slices, Place(last, plan.Request.Graph.Output));

        DeviceState State(PlacementDevice device) => devices.First(d => d.Device == device);

        TensorRef Place(PlacementDevice device, GraphValue value)
        {
            var (block, offset, spec) = shape.Exchanges[device][value];
            return new TensorRef(State(device).Exchange[block].Buffer, offset, spec);
        }
    }

    /// <summary>The receipt of the weights, and of what else was asked to be locked.</summary>
    private static LoadReceipt Receipt(LoadReceipt weights, DeviceState[] devices)
        => weights.With(devices.SelectMany(d => d.Workspace.Concat(d.Exchange).Concat(d.Caches.SelectMany(c => c.Pages?.Buffers ?? []))).Select(a => a.Receipt).OfType<PartReceipt>());
}
