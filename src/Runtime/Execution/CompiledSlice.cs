using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Execution;

/// <summary>A slice ready to run: its executable and where everything it touches lies. Owns the executable.</summary>
internal sealed class CompiledSlice(DeviceState device, DeviceCache cache, IExecutable executable, TensorRef[] inputs, TensorRef[] outputs, IBuffer[] workspace,
    ValueCopy[] copies, StepState step) : IDisposable
{
    private static readonly TimeSpan FencePoll = TimeSpan.FromMinutes(10);

    public DeviceState Device => device;

    /// <summary>Copies to make before the slice runs.</summary>
    public ValueCopy[] Copies => copies;

    public void Execute()
    {
        var batch = step.Batch;
        var fence = executable.Run(new StepArguments
        {
            TokenIds = batch.Tokens,
            Positions = batch.Positions,
            OutputRows = batch.OutputRows,
            Sequences = cache.Step.Sequences,
            Pages = cache.Step.Pages,
            Inputs = inputs,
            Outputs = outputs,
            Workspace = workspace,
            KvPool = cache.Pages?.Pool,
            Cancellation = step.Cancellation,
        });
        // The lane's own watch ends a wait that is too long; the fence has to be waited for in any case, since the next slice reads what this one writes.
        while (!fence.Wait(FencePoll)) step.Cancellation.ThrowIfCancellationRequested();
        if (fence.Fault is { } fault) throw fault;
    }

    public void Dispose() => executable.Dispose();
}
