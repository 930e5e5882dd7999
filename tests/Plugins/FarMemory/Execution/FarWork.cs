using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.FarMemory.Execution;

/// <summary>One run of an executable, with copies of what its arguments lend only for the call. Used again after it is done.</summary>
internal sealed class FarWork(FarExecutable executable)
{
    private int[] _tokenIds = [], _positions = [], _outputRows = [], _pages = [];
    private SequenceStep[] _sequences = [];
    private int _next;

    public TensorRef[] Inputs { get; } = new TensorRef[executable.Plan.Slice.Inputs.Count];

    public TensorRef[] Outputs { get; } = new TensorRef[executable.Plan.Slice.Outputs.Count];

    public IBuffer[] Workspace { get; } = new IBuffer[executable.Plan.WorkspaceBlocks.Count];

    public KvPool? KvPool { get; private set; }

    public ReferenceStep Step { get; private set; }

    public void Take(in StepArguments arguments)
    {
        arguments.Inputs.CopyTo(Inputs);
        arguments.Outputs.CopyTo(Outputs);
        arguments.Workspace[..Workspace.Length].CopyTo(Workspace);
        KvPool = arguments.KvPool;
        Step = new ReferenceStep
        {
            TokenIds = Keep(ref _tokenIds, arguments.TokenIds),
            Positions = Keep(ref _positions, arguments.Positions),
            OutputRows = Keep(ref _outputRows, arguments.OutputRows),
            Sequences = Keep(ref _sequences, arguments.Sequences),
            Pages = Keep(ref _pages, arguments.Pages),
            Cancellation = arguments.Cancellation,
        };
        _next = -1;
    }

    /// <summary>Does the next bit: loads inputs, runs one operation, or stores outputs.</summary>
    /// <returns>True if it was the last.</returns>
    public bool Advance() => executable.Advance(this, _next++);

    public void Recycle()
    {
        // What a buffer or a pool is named by must not be kept alive by the pool of works.
        Array.Clear(Inputs);
        Array.Clear(Outputs);
        Array.Clear(Workspace);
        KvPool = null;
        executable.Recycle(this);
    }

    private static Memory<T> Keep<T>(ref T[] kept, ReadOnlySpan<T> lent)
    {
        if (kept.Length < lent.Length) kept = new T[lent.Length + lent.Length / 2];
        lent.CopyTo(kept);
        return kept.AsMemory(0, lent.Length);
    }
}
