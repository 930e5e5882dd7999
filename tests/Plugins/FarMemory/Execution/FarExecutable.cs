using System.Buffers.Binary;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Faults;
using Hotplug.FarMemory.KvCache;
using Hotplug.FarMemory.Memory;
using Hotplug.Reference.Execution;
using static Hotplug.Abstractions.Faults.FaultKind;

namespace Hotplug.FarMemory.Execution;

/// <summary>A slice in the interpreter, with values in the workspace, weights where they lie and the cache in the device's own layout.</summary>
internal sealed class FarExecutable : IExecutable
{
    private readonly ReferenceInterpreter _interpreter;
    private readonly FarArena _arena;
    private readonly FarKvCache _cache = new();
    private readonly Stack<FarWork> _idle = new();
    private readonly ReferenceValue?[] _wrong;
    private bool _disposed;

    public FarExecutable(FarSlicePlan plan, WeightBindings weights)
    {
        Plan = plan;
        var bounds = plan.Slice.Bounds;
        _arena = new FarArena(plan.WorkspaceBlocks.Count);
        _interpreter = new ReferenceInterpreter(plan.Slice, weight => new FarWeight(weights[weight]),
            value => new FarValue(value.Type, value.Shape.Resolve(bounds), _arena, plan.Layout[value])) { RoundToSingle = true };
        _wrong = [.. plan.Slice.Operations.Select(operation => operation.GetType().Name == plan.Device.Settings.Wrong ? _interpreter[operation.Writes[0]] : null)];
    }

    public FarSlicePlan Plan { get; }

    private FarDevice Device => Plan.Device;

    public Fence Run(in StepArguments arguments)
    {
        // A fence of work that was never taken.
        if (Device.Settings.Faults.At(FarCall.Run)) return new Fence(Device.Queue, long.MaxValue);
        long token;
        lock (Device.Queue.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Device.CountRun();
            if (!_idle.TryPop(out var work)) work = new FarWork(this);
            work.Take(arguments);
            token = Device.Queue.Submit(work);
            if (Device.Settings.Async) return new Fence(Device.Queue, token);
            Device.Queue.Drain();
        }
        return Device.Queue.Fault(token) switch
        {
            null => Fence.Completed,
            { Kind: Cancelled } fault => throw new OperationCanceledException(fault.Message, arguments.Cancellation),
            FarFault { InnerException: { } inner } => throw inner,
            var fault => throw fault,
        };
    }

    /// <summary>Does part <paramref name="part"/> of a run: −1 loads the inputs, then the operations, then the outputs.</summary>
    /// <returns>True if it was the last.</returns>
    public bool Advance(FarWork work, int part)
    {
        if (part < 0)
        {
            Begin(work);
            return false;
        }
        if (part < _interpreter.OperationCount)
        {
            _interpreter.RunOperation(part, work.KvPool is null ? null : _cache);
            if (_wrong[part] is { Shape.ElementCount: > 0 } value) value.Row(0)[0] += 1;
            return false;
        }
        for (var i = 0; i < work.Outputs.Length; i++) Store(_interpreter[Plan.Slice.Outputs[i]], work.Outputs[i]);
        return true;
    }

    /// <summary>Takes a work back that is done.</summary>
    public void Recycle(FarWork work) => _idle.Push(work);

    public void Dispose()
    {
        lock (Device.Queue.Gate)
        {
            if (_disposed) return;
            Device.Queue.Drain();
            _disposed = true;
            Array.Clear(_arena.Blocks);
            Device.Settings.Faults.At(FarCall.DisposeExecutable);
        }
    }

    private void Begin(FarWork work)
    {
        for (var b = 0; b < work.Workspace.Length; b++) _arena.Blocks[b] = ((FarBuffer)work.Workspace[b]).Memory;
        if (work.KvPool is { } pool) _cache.Bind(pool);
        _interpreter.Begin(work.Step);
        for (var i = 0; i < work.Inputs.Length; i++) Load(work.Inputs[i], _interpreter[Plan.Slice.Inputs[i]]);
    }

    // Inputs and outputs lie in the standard layout: row r of the value at r times the bytes of a row.
    private static void Load(in TensorRef source, ReferenceValue value)
    {
        var memory = ((FarBuffer)source.Buffer).Memory.AsSpan((int)source.Offset);
        var width = (int)value.Shape.D0;
        for (var r = 0; r < value.Shape.RowCount; r++)
        {
            var row = value.Row(r);
            var bytes = memory[(r * width * 4)..];
            for (var i = 0; i < width; i++)
                row[i] = value.Type == TensorType.I32
                    ? BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..])
                    : BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]);
        }
    }

    private static void Store(ReferenceValue value, in TensorRef destination)
    {
        var buffer = (FarBuffer)destination.Buffer;
        var memory = buffer.Memory.AsSpan((int)destination.Offset);
        var width = (int)value.Shape.D0;
        for (var r = 0; r < value.Shape.RowCount; r++)
        {
            var row = value.Row(r);
            var bytes = memory[(r * width * 4)..];
            for (var i = 0; i < width; i++)
                if (value.Type == TensorType.I32) BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * 4)..], (int)row[i]);
                else BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * 4)..], (float)row[i]);
        }
        buffer.Changed();
    }
}
