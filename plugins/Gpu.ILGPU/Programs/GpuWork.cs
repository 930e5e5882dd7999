using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Accelerators.Queues;

namespace Hotplug.Gpu.Programs;

/// <summary>One run of an executable, with copies of what its arguments lend only for the call. Used again after it is done.</summary>
internal sealed class GpuWork(GpuExecutable executable, StepTable table) : IDeviceCommand
{
    public TensorRef[] Inputs { get; } = new TensorRef[executable.Plan.Slice.Inputs.Count];

    public TensorRef[] Outputs { get; } = new TensorRef[executable.Plan.Slice.Outputs.Count];

    public IBuffer[] Workspace { get; } = new IBuffer[executable.Plan.WorkspaceBlocks.Count];

    public StepTable Table => table;

    public KvPool? Pool { get; private set; }

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

    public void Execute() => executable.Execute(this);

    public void Completed()
    {
        // What a buffer or a pool is named by must not be kept alive by the pool of works.
        Array.Clear(Inputs);
        Array.Clear(Outputs);
        Array.Clear(Workspace);
        Pool = null;
        Cancellation = default;
        executable.Recycle(this);
    }
}
