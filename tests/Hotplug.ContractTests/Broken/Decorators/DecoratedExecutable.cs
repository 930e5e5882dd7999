using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedExecutable(IExecutable inner, Flaw flaw) : IExecutable
{
    public Fence Run(in StepArguments arguments)
    {
        var inputs = new TensorRef[arguments.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = DecoratedBuffer.Unwrap(arguments.Inputs[i]);
        var outputs = new TensorRef[arguments.Outputs.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = DecoratedBuffer.Unwrap(arguments.Outputs[i]);
        var workspace = new IBuffer[arguments.Workspace.Length];
        for (var i = 0; i < workspace.Length; i++) workspace[i] = ((DecoratedBuffer)arguments.Workspace[i]).Inner;
        return flaw.Run(inner, new StepArguments
        {
            TokenIds = arguments.TokenIds,
            Positions = arguments.Positions,
            OutputRows = arguments.OutputRows,
            Sequences = arguments.Sequences,
            Pages = arguments.Pages,
            Inputs = inputs,
            Outputs = outputs,
            Workspace = workspace,
            KvPool = arguments.KvPool is { } pool ? Unwrap(pool) : null,
            Cancellation = arguments.Cancellation,
        });
    }

    public void Dispose() => flaw.Dispose(inner);

    private static KvPool Unwrap(KvPool pool)
        => new(((DecoratedKvLayout)pool.Layout).Inner, [.. pool.Buffers.Select(buffer => ((DecoratedBuffer)buffer).Inner)], pool.PagesPerBuffer, pool.PageCount);
}
