using BenchmarkDotNet.Attributes;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.BoundaryBench;

/// <summary>What one step pays for the plugin being one: arguments made, the executable called in its context, the fence asked.</summary>
public class BoundaryCall
{
    private readonly int[] _tokens = [1], _positions = [7], _rows = [0], _pages = [0];
    private readonly SequenceStep[] _sequences = [new() { FirstRow = 0, RowCount = 1, PageCount = 1, CachedLength = 7 }];
    private readonly TensorRef[] _inputs = new TensorRef[1], _outputs = new TensorRef[1];
    private readonly IBuffer[] _workspace = [];
    private NoopBackend _backend = null!;
    private BackendLease _lease = null!;
    private IExecutable _executable = null!;

    [Params(LoadContext.Default, LoadContext.Pinned, LoadContext.Unloadable)]
    public LoadContext Context { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _backend = new NoopBackend(Context);
        _lease = _backend.Slot.Acquire("benchmark");
        IDevice device = _lease.Devices[0];
        var slice = new GraphSlice { Operations = [], Weights = [], Inputs = [], Outputs = [], Bounds = new() { Tokens = 1, OutputRows = 1, Sequences = 1 } };
        _executable = device.Compile(device.Prepare(slice), new WeightBindings(new Dictionary<GraphValue, TensorRef>()));
    }

    [GlobalCleanup]
    public void Close()
    {
        _executable.Dispose();
        _lease.Dispose();
        _backend.Dispose();
    }

    [Benchmark]
    public bool Step()
    {
        var arguments = new StepArguments
        {
            TokenIds = _tokens,
            Positions = _positions,
            OutputRows = _rows,
            Sequences = _sequences,
            Pages = _pages,
            Inputs = _inputs,
            Outputs = _outputs,
            Workspace = _workspace,
        };
        return _executable.Run(arguments).IsComplete;
    }
}
