using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu;
using Hotplug.Reference.Formats;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.OperationBench;

/// <summary>Operations on one input and random weights, compiled by the processor's backend as part of this program. Owns its buffers and the backend.</summary>
internal sealed class CompiledSlice : IDisposable
{
    private readonly BackendCatalog _catalog;
    private readonly BackendLease _lease;
    private readonly List<BufferAllocation> _buffers = [];
    private readonly BufferAllocator _allocator = new(new AddressSpace());
    private readonly IExecutable _executable;
    private readonly int[] _ids;
    private readonly SequenceStep[] _sequences;
    private readonly TensorRef[] _inputs, _outputs;
    private readonly IBuffer[] _workspace;

    /// <param name="operations">In order; the last one writes the output.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="input">Their input.</param>
    /// <param name="tokens">Tokens of every run.</param>
    public CompiledSlice(IReadOnlyList<Operation> operations, IReadOnlyList<GraphValue> weights, GraphValue input, int tokens)
    {
        _catalog = new BackendCatalog(new BackendCatalogOptions
        {
            PluginEnvironment = null, StaticBackends = [StaticBackend.Of<CpuPlugin>()], Threads = Choice.Threads,
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["cpu"] = new Dictionary<string, string> { ["activations"] = Choice.Activations } },
        });
        _lease = _catalog.GetAsync("cpu").AsTask().GetAwaiter().GetResult().Acquire("benchmark");
        var device = _lease.Devices[0];
        // A value of one row is a vector: room for two.
        var slice = new GraphSlice
        {
            Operations = operations, Weights = weights, Inputs = [input], Outputs = [.. operations[^1].Writes],
            Bounds = new() { Tokens = Math.Max(2, tokens), OutputRows = 1, Sequences = 1 },
        };
        var plan = device.Prepare(slice);
        (_ids, _sequences) = (new int[tokens], [new() { FirstRow = 0, RowCount = tokens }]);
        var random = new Random(1);
        var places = weights.ToDictionary(w => w, w => Place(w.Resolve(slice.Bounds), random));
        _inputs = [Place(input.Resolve(slice.Bounds), random)];
        _outputs = [.. slice.Outputs.Select(o => Place(o.Resolve(slice.Bounds), null))];
        _workspace = [.. plan.WorkspaceBlocks.Select(Allocate)];
        _executable = device.Compile(plan, new WeightBindings(places));

        TensorRef Place(TensorSpec spec, Random? content)
        {
            var tensor = new TensorRef(Allocate(device.BufferTypes[0].AllocationSize(spec)), 0, spec);
            if (content is not null) tensor.Buffer.Write(tensor, 0, RandomBlocks.Make(spec, BlockKind.Ordinary, content));
            return tensor;
        }

        IBuffer Allocate(nuint bytes)
        {
            var made = _allocator.Allocate(device.BufferTypes[0], bytes, BufferUsage.Any);
            _buffers.Add(made);
            return made.Buffer;
        }
    }

    public void Run() => _executable.Run(new StepArguments { TokenIds = _ids, Positions = _ids, Sequences = _sequences, Inputs = _inputs, Outputs = _outputs, Workspace = _workspace });

    public void Dispose()
    {
        _executable.Dispose();
        foreach (var buffer in _buffers) buffer.Dispose();
        _lease.Dispose();
        _catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
