using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Hosting;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Planning without loading: everything that is asked before a model is loaded allocates nothing, keeps nothing and says the same every time.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class PlanOnlySuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>A plan states its slice, a buffer type of its device, and blocks that can be allocated; a second plan states the same.</summary>
    [Fact]
    public void Plan_is_possible_and_stable()
    {
        var graph = Model();
        var layout = Device.PrepareKvCache(graph.Cache!);
        var slice = graph.Slice(layout);
        var plan = Device.Prepare(slice);
        Assert.Same(slice, plan.Slice);
        Assert.Contains(plan.BufferType, Device.BufferTypes);
        Assert.All(plan.WorkspaceBlocks, block => Assert.True(block <= plan.BufferType.MaxLength, $"A workspace block of {block} bytes, above the largest allocation {plan.BufferType.MaxLength}."));
        Assert.Equal(plan.WorkspaceBlocks, Device.Prepare(slice).WorkspaceBlocks);
        Assert.Same(graph.Cache, layout.Spec);
        Assert.Contains(layout.BufferType, Device.BufferTypes);
        Assert.Equal(layout.PageBytes, Device.PrepareKvCache(graph.Cache!).PageBytes);
        var values = graph.Cache!.Layers.Sum(layer => layer.KeyRowBytes + layer.ValueRowBytes) * graph.Cache.PageTokens;
        Assert.True(layout.PageBytes >= (nuint)values, $"A page of {layout.PageBytes} bytes does not hold the {values} bytes of its cells.");
    }

    /// <summary>Planning the same model thousands of times takes nothing from host or device (llama.cpp #22404, #18090).</summary>
    [Fact]
    public void Planning_allocates_nothing()
    {
        var graph = Model();
        var before = State();
        for (var i = 0; i < 2000; i++)
        {
            var layout = Device.PrepareKvCache(graph.Cache!);
            _ = Device.Prepare(graph.Slice(layout));
            if (i == 0) Assert.Equal(before, State());
        }
        Assert.Equal(before, State());
    }

    /// <summary>A model that would never fit is planned as quickly as a small one, and allocates as little.</summary>
    [Fact]
    public void Enormous_model_is_planned()
    {
        var before = State();
        var bounds = new StepBounds { Tokens = 2048, OutputRows = 1, Sequences = 1, Context = 131072 };
        var weight = new GraphValue("weight", TensorType.F32, new TensorShape(16384, 131072), isWeight: true);
        var input = new GraphValue("x", TensorType.F32, new SymbolicShape(16384, Dimension.Tokens));
        var output = new GraphValue("y", TensorType.F32, new SymbolicShape(131072, Dimension.OutputRows));
        var chosen = new GraphValue("chosen", TensorType.F32, new SymbolicShape(16384, Dimension.OutputRows));
        var slice = new GraphSlice
        {
            Operations = [new GetRows(input, RowSource.OutputRows, chosen), new MatMul(weight, chosen, null, output)],
            Weights = [weight],
            Inputs = [input],
            Outputs = [output],
            Bounds = bounds,
        };
        if (slice.Operations.Any(operation => !Device.Supports(new() { Operation = operation, Bounds = bounds, WeightBufferType = Device.BufferTypes[0] }).IsSupported))
            Assert.Skip("The device does not run these operations.");
        var plan = Device.Prepare(slice);
        Assert.All(plan.WorkspaceBlocks, block => Assert.True(block <= plan.BufferType.MaxLength, $"A workspace block of {block} bytes, above the largest allocation {plan.BufferType.MaxLength}."));
        Assert.Equal(before, State());
    }

    /// <summary>A plan that nobody holds is gone: the device keeps nothing of it.</summary>
    [Fact]
    public void Plan_is_not_kept()
    {
        var graph = Model();
        var plans = MakeAndForget(graph);
        for (var i = 0; i < 10 && plans.Any(plan => plan.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // A device may remember the last one it made.
        Assert.True(plans.Count(plan => plan.IsAlive) <= 1, $"{plans.Count(plan => plan.IsAlive)} of {plans.Count} plans are alive though nobody holds them.");
    }

    /// <summary>The memory of a device is known or unknown, never zero for unknown, and asking is harmless (llama.cpp #18577).</summary>
    [Fact]
    public void Memory_is_known_or_unknown()
    {
        var before = (Run.Host.OpenAllocations, Run.Host.OpenBytes);
        for (var i = 0; i < 1000; i++)
        {
            var memory = Device.QueryMemory();
            Assert.True(memory.Total != 0, "A total of 0 bytes: unknown is null.");
            if (memory is { Total: { } total, Free: { } free }) Assert.True(free <= total, $"{free} bytes free of {total}.");
        }
        Assert.Equal(before, (Run.Host.OpenAllocations, Run.Host.OpenBytes));
    }

    /// <summary>What a device states is constant, and its identity is usable.</summary>
    [Fact]
    public void Device_states_what_it_is()
    {
        var (backend, info) = (Run.Backend.Info, Device.Info);
        Assert.Matches("^[a-z0-9][a-z0-9.-]*$", backend.Id);
        Assert.False(string.IsNullOrWhiteSpace(backend.Name) || string.IsNullOrWhiteSpace(backend.Version));
        Assert.All(backend.Refused, refused => Assert.False(string.IsNullOrWhiteSpace(refused.Name) || string.IsNullOrWhiteSpace(refused.Reason), "What is refused has a name and a reason."));
        if (Run.Plugin.Probe(Run.Host).OnlyWhenNamed)
            Assert.All(Run.Backend.Devices, device => Assert.True(device.Info.Kind is DeviceKind.Emulation or DeviceKind.Remote,
                $"{device.Info.Id} is a {device.Info.Kind}, and Probe says that all devices are used only when named."));
        Assert.False(string.IsNullOrWhiteSpace(info.Id) || string.IsNullOrWhiteSpace(info.Name));
        Assert.True(Enum.IsDefined(info.Kind), $"Kind {info.Kind} is not defined.");
        Assert.True(info.CopyCost.LatencyNanoseconds >= 0 && info.CopyCost.NanosecondsPerByte >= 0, "A copy does not cost less than nothing.");
        Assert.NotEmpty(Device.BufferTypes);
        Assert.Equal(info, Device.Info);
        Assert.Equal(Device.BufferTypes, Device.BufferTypes);
        var ids = Run.Backend.Devices.Select(device => device.Info.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> MakeAndForget(GraphCase graph)
    {
        var plans = new List<WeakReference>();
        for (var i = 0; i < 8; i++)
        {
            SlicePlan plan = Device.Prepare(graph.Slice(Device.PrepareKvCache(graph.Cache!)));
            plans.Add(new WeakReference(plan));
        }
        return plans;
    }

    private GraphCase Model()
    {
        foreach (var type in ModelCases.WeightTypes)
        {
            var graph = ModelCases.Make(NewRandom(), Device.Info, type);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is null) return graph;
        }
        Assert.Skip("The device runs no whole model.");
        throw new InvalidOperationException();
    }

    // Free memory of a device that uses the host's changes by what others do.
    private (int, nuint, int, int, ulong?) State() => (Run.Host.OpenAllocations, Run.Host.OpenBytes, Run.Host.Calls(HostService.Allocate), Run.Host.OpenWorkerGroups,
        Device.BufferTypes.Any(type => type.Traits.HostVisible) ? null : Device.QueryMemory().Free);
}
