using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Programs.Launches;

namespace Hotplug.Metal.Programs;

/// <summary>Makes launches of a program's steps. On the device's thread, because kernels are compiled there.</summary>
internal sealed class ProgramBuilder(MetalPlan plan)
{
    private readonly LaunchContext _context = new(plan);

    /// <summary>What the planner has to know of a device.</summary>
    public static ProgramRules Rules(MetalGpu device) => new()
    {
        LargestBlock = device.MaxAllocation,
        // Products read plain activations.
        QuantizedRowBytes = null,
        ScratchBytes = (operation, bounds) => operation is Attention o ? AttentionLaunches.ScratchBytes(o, bounds, device.MaxAllocation) : 0,
    };

    /// <summary>The launches, in order.</summary>
    public Launch[] Build() => [.. plan.Layout.Steps.SelectMany(step => Make(((ProgramStep.Single)step).Operation))];

    private IEnumerable<Launch> Make(Operation operation) => operation switch
    {
        GetRows o => [ProductLaunches.GetRows(_context, o)],
        MatMul o => [ProductLaunches.MatMul(_context, o)],
        MatMulExperts o => [ProductLaunches.MatMulExperts(_context, o)],
        CombineExperts o => [RoutingLaunches.CombineExperts(_context, o)],
        RouteTopK o => [RoutingLaunches.RouteTopK(_context, o)],
        Softmax o => [NormLaunches.Softmax(_context, o)],
        ArgMax o => [NormLaunches.ArgMax(_context, o)],
        Pool o => [RoutingLaunches.Pool(_context, o)],
        RmsNorm o => [NormLaunches.RmsNorm(_context, o)],
        LayerNorm o => [NormLaunches.LayerNorm(_context, o)],
        Normalize o => [NormLaunches.Normalize(_context, o)],
        Rope o => [AttentionLaunches.Rope(_context, o)],
        KvAppend o => AttentionLaunches.KvAppend(_context, o),
        KvShift o => [AttentionLaunches.KvShift(_context, o)],
        Attention o => [AttentionLaunches.Attention(_context, o)],
        AttentionBatch o => [AttentionLaunches.AttentionBatch(_context, o)],
        Add o => [ElementLaunches.Add(_context, o)],
        Mul o => [ElementLaunches.Mul(_context, o)],
        Scale o => [ElementLaunches.Scale(_context, o)],
        SoftCap o => [ElementLaunches.SoftCap(_context, o)],
        Activate o => [ElementLaunches.Activate(_context, o)],
        Gated o => [ElementLaunches.Gated(_context, o)],
        Cast o => [ElementLaunches.Cast(_context, o)],
        View o => [ElementLaunches.View(_context, o)],
        _ => throw new InvalidOperationException($"{operation.GetType().Name} has no launch."),
    };
}
