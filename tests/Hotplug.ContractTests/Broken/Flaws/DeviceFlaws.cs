using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Plugins;
using Hotplug.ContractTests.Broken.Decorators;

namespace Hotplug.ContractTests.Broken;

internal sealed class ZeroForUnknown : Flaw
{
    public override DeviceMemory Memory(IDevice inner) => new(0, 0);
}

internal sealed class YesToEverything : Flaw
{
    public override Support Supports(IDevice inner, in OperationQuery query) => Support.Yes;
}

internal sealed class NoWithoutReason : Flaw
{
    public override Support Supports(IDevice inner, in OperationQuery query) => inner.Supports(query).IsSupported ? Support.Yes : Support.No("");
}

internal sealed class AnswersInTurn : Flaw
{
    private int _asked;

    public override Support Supports(IDevice inner, in OperationQuery query) => Interlocked.Increment(ref _asked) % 3 == 0 ? Support.No("Not now.") : inner.Supports(query);
}

internal abstract class Rewriting : Flaw
{
    public sealed override SlicePlan Prepare(IDevice inner, GraphSlice slice) => inner.Prepare(new GraphSlice
    {
        Operations = [.. slice.Operations.Select(operation => Rewrite(operation, slice))],
        Weights = slice.Weights,
        Inputs = slice.Inputs,
        Outputs = slice.Outputs,
        Bounds = slice.Bounds,
        KvLayout = slice.KvLayout,
    });

    protected abstract Operation Rewrite(Operation operation, GraphSlice slice);
}

internal sealed class BiasForgotten : Rewriting
{
    protected override Operation Rewrite(Operation operation, GraphSlice slice) => operation is MatMul product ? product with { Bias = null } : operation;
}

internal sealed class EpsilonTooLarge : Rewriting
{
    protected override Operation Rewrite(Operation operation, GraphSlice slice) => operation is RmsNorm norm ? norm with { Epsilon = norm.Epsilon * 3 } : operation;
}

internal sealed class NoCausality : Rewriting
{
    protected override Operation Rewrite(Operation operation, GraphSlice slice)
        => operation is Attention attention ? attention with { Parameters = attention.Parameters with { Causal = false } } : operation;
}

/// <summary>A slice of one operation is rounded down a little: fused and single operations disagree.</summary>
internal sealed class WrongWhenCut : Rewriting
{
    protected override Operation Rewrite(Operation operation, GraphSlice slice)
        => operation is RmsNorm norm && slice.Operations[^1] == operation ? norm with { Epsilon = 0.5f } : operation;
}

internal sealed class ThirtyInputsAtMost : Flaw
{
    public override SlicePlan Prepare(IDevice inner, GraphSlice slice)
        => slice.Inputs.Count <= 30 ? inner.Prepare(slice) : throw new InvalidOperationException($"{slice.Inputs.Count} inputs: there is room for 30.");
}

internal sealed class OutputsReadInsideLost : Flaw
{
    private readonly List<int> _lost = [];

    public override SlicePlan Prepare(IDevice inner, GraphSlice slice)
    {
        var read = slice.Operations.SelectMany(operation => operation.Reads).ToHashSet();
        for (var i = 0; i < slice.Outputs.Count; i++)
            if (read.Contains(slice.Outputs[i])) _lost.Add(i);
        return inner.Prepare(slice);
    }

    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var fence = inner.Run(arguments);
        foreach (var i in _lost)
        {
            var poison = new byte[arguments.Outputs[i].Spec.ByteLength];
            poison.AsSpan().Fill(0xFF);
            arguments.Outputs[i].Buffer.Write(arguments.Outputs[i], 0, poison);
        }
        return fence;
    }
}

internal sealed class PlanningAllocates : Flaw
{
    private IPluginHost? _host;
    private readonly List<IHostAllocation> _kept = [];

    public override void Start(IPluginHost host) => _host = host;

    public override SlicePlan Prepare(IDevice inner, GraphSlice slice)
    {
        _kept.Add(_host!.Allocate(64, 64));
        return inner.Prepare(slice);
    }

    public override void Stop()
    {
        foreach (var allocation in _kept) allocation.Dispose();
    }
}

internal sealed class PlansAreKept : Flaw
{
    private readonly List<SlicePlan> _plans = [];

    public override void Prepared(SlicePlan plan) => _plans.Add(plan);
}
