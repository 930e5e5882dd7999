using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Receipts;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Execution;

/// <summary>
/// A loaded model: weights in one multi-buffer, slices compiled on their devices, a KV cache. Runs one step at a time; concurrent callers wait for each other.
/// Owns everything it loaded.
/// </summary>
public sealed class ModelExecutor : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ComposedWeights _weights;
    private readonly DeviceState[] _devices;
    private readonly PagedKvCache _cache;
    private readonly CompiledShape[] _shapes;
    private readonly StepState _step;
    private readonly AddressSpace _space;
    private readonly int _vocabulary;
    private readonly int _columns;
    private readonly ReadOutput _readOutput;
    private bool _disposed;

    internal ModelExecutor(LoadPlan plan, ComposedWeights weights, DeviceState[] devices, PagedKvCache cache, CompiledShape[] shapes, StepState step, LoadReceipt receipt, AddressSpace space)
    {
        (Plan, _weights, _devices, _cache, _shapes, _step, Receipt, _space) = (plan, weights, devices, cache, shapes, step, receipt, space);
        _columns = checked((int)plan.Request.Graph.Output.Shape.D0.Constant);
        _vocabulary = TokenTable(plan.Request.Graph);
        _readOutput = new ReadOutput(Math.Max(1, shapes.Max(s => s.Bounds.OutputRows)) * _columns);
    }

    /// <summary>What was planned, and is loaded.</summary>
    public LoadPlan Plan { get; }

    /// <summary>What the load did to memory, measured.</summary>
    public LoadReceipt Receipt { get; }

    /// <summary>The weights, for reading them back and for looking at their addresses.</summary>
    public ComposedWeights Weights => _weights;

    /// <summary>Largest step.</summary>
    public StepBounds Largest => _shapes[^1].Bounds;

    /// <summary>Columns of a row of output.</summary>
    public int OutputColumns => _columns;

    /// <summary>Copies between devices so far.</summary>
    public CopyCounters Copies
    {
        get
        {
            long count = 0, bytes = 0;
            foreach (var shape in _shapes)
                foreach (var slice in shape.Slices)
                    foreach (var copy in slice.Copies)
                        (count, bytes) = (count + copy.Count, bytes + copy.TotalBytes);
            return new(count, bytes);
        }
    }

    /// <summary>True while a call into one of the devices has not come back in time: nothing of this executor can be given back then.</summary>
    public bool IsHung => Array.Exists(_devices, d => d.Lane.IsHung);

    /// <summary>The device that threw a fault out of this executor or one of its sequences; null if none of them did.</summary>
    public PlacementDevice? DeviceOf(BackendFaultException fault) => Array.Find(_devices, d => ReferenceEquals(d.Lane.LastFault, fault))?.Device;

    /// <summary>Why further sequences of these lengths have no room in the cache, or null if they have. Not to be asked during a step.</summary>
    internal string? WhyNoRoom(IReadOnlyCollection<int> lengths) => _cache.WhyNoRoom(lengths);

    /// <summary>Starts an empty sequence. The caller owns it, and disposes it before the model.</summary>
    public KvSequence NewSequence()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _cache.NewSequence();
    }

    /// <summary>
    /// Runs a step. When it returns, the sequences have grown by their rows and <see cref="Output"/> has the rows of the result. When it throws, no sequence has
    /// changed and the step may be run again.
    /// </summary>
    /// <exception cref="ArgumentException">The batch is larger than <see cref="Largest"/>, holds an id outside of the vocabulary, or a sequence of another model.</exception>
    /// <exception cref="KvCacheFullException">No room in the cache.</exception>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(StepBatch batch, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            cancellation.ThrowIfCancellationRequested();
            var shape = Check(batch);
            (_step.Batch, _step.Cancellation) = (batch, cancellation);
            Reserve(batch);
            try
            {
                foreach (var device in _devices)
                    foreach (var cache in device.Caches) cache.Step.Fill(batch, cache.Table);
                foreach (var run in shape.Runs)
                {
                    foreach (var copy in run.Copies) copy.Run();
                    run.Lane.Run(run);
                }
                _readOutput.Run(shape, batch.OutputCount);
            }
            catch
            {
                foreach (var sequence in batch.Sequences) sequence.Truncate(sequence.Length);
                throw;
            }
            for (var i = 0; i < batch.SequenceCount; i++) batch.Sequences[i].Commit(batch.Steps[i].RowCount);
        }
    }

    /// <summary>A row of the last step's result. Valid until the next step; a caller that shares the model with others copies it inside of its turn.</summary>
    /// <param name="row">Number among the step's output rows.</param>
    public ReadOnlySpan<float> Output(int row) => _readOutput.Rows.Slice(row * _columns, _columns);

    /// <summary>
    /// Gives everything back. A plugin that throws from disposing is reported by <see cref="AddressSpace.BufferFaulted"/>; while a call hangs on one of the devices, the memory it may touch is kept.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            // A call that never came back may still touch its buffers, and its weights may lie next to anybody's: then everything stays.
            if (_devices.Any(d => d.Lane.IsHung)) return;
            foreach (var shape in _shapes)
                foreach (var slice in shape.Slices) new LaneDisposal(slice.Device.Lane, slice, _space).Dispose();
            foreach (var device in _devices) new LaneDisposal(device.Lane, device, _space).Dispose();
            _weights.Dispose();
            foreach (var device in _devices.Where(d => !d.Lane.IsHung)) device.LeaveLane();
        }
    }

    private CompiledShape Check(StepBatch batch)
    {
        if (batch.TokenCount == 0) throw new ArgumentException("The batch is empty.", nameof(batch));
        foreach (var sequence in batch.Sequences)
        {
            if (!sequence.BelongsTo(_cache)) throw new ArgumentException("The batch holds a sequence of another model.", nameof(batch));
        }
        for (var i = 0; i < batch.SequenceCount; i++)
        {
            // A sequence that moved on since it was added would be written at wrong cells.
            var (sequence, step) = (batch.Sequences[i], batch.Steps[i]);
            if (step.CachedLength != sequence.Length) throw new ArgumentException("A sequence has changed since it was added to the batch.", nameof(batch));
            if (step.CachedLength + step.RowCount > Plan.Request.Context)
                throw new ArgumentException($"A sequence of {step.CachedLength + step.RowCount} tokens does not fit a context of {Plan.Request.Context}.", nameof(batch));
        }
        foreach (var token in batch.Tokens)
            if ((uint)token >= (uint)_vocabulary) throw new ArgumentException($"Token {token} is not in the vocabulary of {_vocabulary}.", nameof(batch));
        foreach (var shape in _shapes)
            if (shape.Accepts(batch.Extents)) return shape;
        throw new ArgumentException($"A step of {batch.TokenCount} tokens, {batch.OutputCount} output rows and {batch.SequenceCount} sequences is larger than the model was loaded for ({Largest}).", nameof(batch));
    }

    private static void Reserve(StepBatch batch)
    {
        var reserved = 0;
        try
        {
            for (; reserved < batch.SequenceCount; reserved++) batch.Sequences[reserved].Reserve(batch.Steps[reserved].RowCount);
        }
        catch
        {
            for (var i = 0; i < reserved; i++) batch.Sequences[i].Truncate(batch.Sequences[i].Length);
            throw;
        }
    }

    private static int TokenTable(ModelGraph graph)
    {
        foreach (var node in graph.Nodes)
            if (node.Operation is Abstractions.Graphs.Operations.GetRows { Source: Abstractions.Graphs.Operations.RowSource.TokenIds } rows)
                return checked((int)rows.Table.Shape.D1.Constant);
        return int.MaxValue;
    }

    /// <summary>Brings the result to the host: not at all where the host sees it anyway.</summary>
    private sealed class ReadOutput(int floats) : IDeviceWork
    {
        private float[] _rows = [];
        private TensorRef _output;
        private int _count;
        private nint _pointer;

        public string Name => "read";

        public unsafe ReadOnlySpan<float> Rows
            // The pointer is that of a live buffer of at least bounds.OutputRows ≥ _count rows.
            => _pointer != 0 ? new ReadOnlySpan<float>((void*)_pointer, _count) : _rows.AsSpan(0, _count);

        public void Run(CompiledShape shape, int rows)
        {
            _output = shape.Output;
            _count = rows * (int)_output.Spec.Shape.D0;
            _pointer = 0;
            if (rows == 0) return;
            if (_output.Buffer.TryGetPointer(out var pointer))
            {
                _pointer = pointer + (nint)_output.Offset;
                return;
            }
            if (_rows.Length == 0) _rows = GC.AllocateUninitializedArray<float>(floats);
            shape.Slices[^1].Device.Lane.Run(this);
        }

        public void Execute() => _output.Buffer.Read(_output, 0, MemoryMarshal.AsBytes(_rows.AsSpan(0, _count)));
    }
}
