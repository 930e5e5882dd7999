using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;

namespace Hotplug.Cli.Evidence;

/// <summary>A slice compiled on a device, run with one token again and again. Owns its buffers, weights apart.</summary>
internal sealed class TimedSlice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int[] One = [0];
    private static readonly SequenceStep[] Sequence = [new() { FirstRow = 0, RowCount = 1 }];

    private readonly List<BufferAllocation> _buffers = [];
    private readonly TensorRef[] _inputs;
    private readonly TensorRef[] _outputs;
    private readonly IBuffer[] _workspace;
    private readonly IExecutable _executable;

    public TimedSlice(IDevice device, BufferAllocator allocator, GraphSlice slice, IReadOnlyDictionary<GraphValue, TensorRef> weights)
    {
        try
        {
            var plan = device.Prepare(slice);
            BufferType = plan.BufferType;
            _inputs = [.. slice.Inputs.Select(Place)];
            _outputs = [.. slice.Outputs.Select(Place)];
            _workspace = [.. plan.WorkspaceBlocks.Select(bytes => Allocate(bytes))];
            foreach (var input in _inputs) input.Buffer.Write(input, 0, new byte[input.Spec.ByteLength]);
            _executable = device.Compile(plan, new WeightBindings(weights));
        }
        catch
        {
            Dispose();
            throw;
        }

        TensorRef Place(GraphValue value)
        {
            var spec = value.Resolve(slice.Bounds);
            return new(Allocate(BufferType!.AllocationSize(spec)), 0, spec);
        }

        IBuffer Allocate(nuint bytes)
        {
            var made = allocator.Allocate(BufferType!, bytes, BufferUsage.Workspace);
            _buffers.Add(made);
            return made.Buffer;
        }
    }

    /// <summary>The type in which values lie.</summary>
    public IBufferType BufferType { get; }

    /// <summary>Runs it to the end.</summary>
    public void Run()
    {
        var fence = _executable.Run(new StepArguments { TokenIds = One, Positions = One, Sequences = Sequence, Inputs = _inputs, Outputs = _outputs, Workspace = _workspace });
        if (!fence.Wait(Patience)) throw new TimeoutException($"A step did not end in {Patience.TotalSeconds:0} seconds.");
        if (fence.Fault is { } fault) throw fault;
    }

    public void Dispose()
    {
        _executable?.Dispose();
        foreach (var buffer in Enumerable.Reverse(_buffers)) buffer.Dispose();
        _buffers.Clear();
    }
}
