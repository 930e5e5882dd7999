using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Cpu.Programs;

/// <summary>A compiled slice: phases that all workers run in order, one call of the worker group per step. Runs synchronously.</summary>
internal sealed unsafe class CpuExecutable(IWorkerGroup workers, Phase[] phases, StepState state, CpuPlan plan) : IExecutable, IWorkerTask
{
    // About ten microseconds; the one waited for may need this processor.
    private const int SpinsBeforeYield = 256;

    private CancellationToken _cancellation;
    private volatile bool _cancelled, _aborted;
    private bool _disposed;

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        arguments.Cancellation.ThrowIfCancellationRequested();
        Bind(arguments);
        foreach (var phase in phases) phase.Reset();
        _cancellation = arguments.Cancellation;
        (_cancelled, _aborted) = (false, false);
        fixed (int* ids = arguments.TokenIds)
        fixed (int* positions = arguments.Positions)
        fixed (int* outputRows = arguments.OutputRows)
        fixed (int* pages = arguments.Pages)
        fixed (SequenceStep* sequences = arguments.Sequences)
        {
            state.TokenIds = ids;
            state.Positions = positions;
            state.OutputRows = outputRows;
            state.Pages = pages;
            state.Sequences = sequences;
            state.SequenceCount = arguments.Sequences.Length;
            if (phases.Length != 0) workers.Run(this);
        }
        _cancellation = default;
        if (_cancelled) throw new OperationCanceledException(arguments.Cancellation);
        return Fence.Completed;
    }

    void IWorkerTask.Run(int worker, int count)
    {
        try
        {
            foreach (var phase in phases)
            {
                if (_aborted) return;
                if (worker == 0 && _cancellation.IsCancellationRequested)
                {
                    _cancelled = _aborted = true;
                    return;
                }
                var chunks = phase.Share(state, worker, count);
                for (var spins = 0; !phase.IsDone(chunks); spins++)
                {
                    // Who failed lets the others go.
                    if (_aborted) return;
                    if (spins < SpinsBeforeYield) Thread.SpinWait(1);
                    else Thread.Yield();
                }
            }
        }
        catch
        {
            _aborted = true;
            throw;
        }
    }

    public void Dispose() => _disposed = true;

    private void Bind(in StepArguments arguments)
    {
        var slice = plan.Slice;
        state.Extents = arguments.Extents;
        if (arguments.Inputs.Length != slice.Inputs.Count || arguments.Outputs.Length != slice.Outputs.Count || arguments.Workspace.Length != plan.WorkspaceBlocks.Count)
            throw new ArgumentException($"The slice has {slice.Inputs.Count} inputs, {slice.Outputs.Count} outputs and {plan.WorkspaceBlocks.Count} workspace blocks; "
                + $"the step brings {arguments.Inputs.Length}, {arguments.Outputs.Length} and {arguments.Workspace.Length}.", nameof(arguments));
        var extents = state.Extents;
        var bounds = slice.Bounds;
        if (extents.Tokens > bounds.Tokens || extents.OutputRows > bounds.OutputRows || extents.Sequences > bounds.Sequences)
            throw new ArgumentException($"The step ({extents.Tokens} tokens, {extents.OutputRows} output rows, {extents.Sequences} sequences) is beyond the bounds "
                + $"of the slice ({bounds.Tokens}, {bounds.OutputRows}, {bounds.Sequences}).", nameof(arguments));
        for (var i = 0; i < arguments.Workspace.Length; i++)
        {
            if (arguments.Workspace[i].Length < plan.WorkspaceBlocks[i])
                throw new ArgumentException($"Workspace block {i} has {arguments.Workspace[i].Length} bytes, the plan asks for {plan.WorkspaceBlocks[i]}.", nameof(arguments));
            state.SetRoot(Operand.Workspace, Pointer(arguments.Workspace[i], 0));
        }
        var root = Operand.FirstBinding;
        foreach (ref readonly var input in arguments.Inputs) state.SetRoot(root++, Pointer(input));
        foreach (ref readonly var output in arguments.Outputs) state.SetRoot(root++, Pointer(output));
        state.SetPool(arguments.KvPool);
    }

    private static nint Pointer(in TensorRef tensor) => tensor.Spec.ByteLength == 0 ? 0 : Pointer(tensor.Buffer, tensor.Offset);

    private static nint Pointer(IBuffer buffer, nuint offset)
        => buffer.TryGetPointer(out var pointer) ? pointer + (nint)offset
            : throw new ArgumentException($"A buffer bound to the step does not lie in host memory ({buffer.Type.Name}).", nameof(buffer));
}
