using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Queues;

namespace Hotplug.Accelerators.Programs;

/// <summary>
/// One run of a program, with copies of what its arguments lend only for the call. Used again after it is done, so that a run allocates nothing.
/// </summary>
/// <param name="layout">The program.</param>
/// <param name="table">The step's numbers; owned by this.</param>
/// <param name="execute">Does the run, on the queue's thread.</param>
/// <param name="recycle">Takes the work back when it is done.</param>
public sealed class StepWork(ProgramLayout layout, StepTable table, Action<StepWork> execute, Action<StepWork> recycle) : IDeviceCommand
{
    /// <summary>Where the inputs lie.</summary>
    public TensorRef[] Inputs { get; } = new TensorRef[layout.Slice.Inputs.Count];

    /// <summary>Where the outputs lie.</summary>
    public TensorRef[] Outputs { get; } = new TensorRef[layout.Slice.Outputs.Count];

    /// <summary>The workspace.</summary>
    public IBuffer[] Workspace { get; } = new IBuffer[layout.WorkspaceBlocks.Count];

    /// <summary>The step's numbers.</summary>
    public StepTable Table => table;

    /// <summary>The pages, if the slice touches a cache.</summary>
    public KvPool? Pool { get; private set; }

    /// <summary>Asks to stop early.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>Takes the arguments of a run over.</summary>
    public void Take(in StepArguments arguments)
    {
        table.Fill(arguments);
        arguments.Inputs.CopyTo(Inputs);
        arguments.Outputs.CopyTo(Outputs);
        arguments.Workspace[..Workspace.Length].CopyTo(Workspace);
        Pool = arguments.KvPool;
        Cancellation = arguments.Cancellation;
    }

    /// <inheritdoc/>
    public void Execute() => execute(this);

    /// <inheritdoc/>
    public void Completed()
    {
        // What a buffer or a pool is named by must not be kept alive by works that wait for the next run.
        Array.Clear(Inputs);
        Array.Clear(Outputs);
        Array.Clear(Workspace);
        Pool = null;
        Cancellation = default;
        recycle(this);
    }
}
