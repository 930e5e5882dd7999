using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Programs.Launches;

namespace Hotplug.Gpu.Programs;

/// <summary>Makes launches of a program's steps. On the device's thread, because kernels are compiled there.</summary>
internal sealed class ProgramBuilder(GpuPlan plan)
{
    private readonly LaunchContext _context = new(plan);

    /// <summary>What the planner has to know of a device.</summary>
    public static ProgramRules Rules(GpuDevice device) => new()
    {
        LargestBlock = device.MaxAllocation,
        QuantizedRowBytes = ProductLaunches.QuantizedRowBytes,
        ScratchBytes = (operation, bounds) => operation is Attention o ? AttentionLaunches.ScratchBytes(o, bounds, device.MaxAllocation) : 0,
    };

    /// <summary>The launches, in order.</summary>
    public Launch[] Build() => [.. plan.Layout.Steps.Select(Make)];

    private Launch Make(ProgramStep step) => step switch
    {
        ProgramStep.NormAndQuantize n => ProductLaunches.RmsNorm(_context, n.Operation),
        ProgramStep.Quantize q => ProductLaunches.Quantize(_context, q.Value),
        ProgramStep.Single s => Make(s.Operation),
        _ => throw new InvalidOperationException($"{step.GetType().Name} has no launch."),
    };

    private Launch Make(Operation operation) => operation switch
    {
        GetRows o => ProductLaunches.GetRows(_context, o),
        MatMul o => ProductLaunches.MatMul(_context, o),
        MatMulExperts o => ProductLaunches.MatMulExperts(_context, o),
        CombineExperts o => ProductLaunches.CombineExperts(_context, o),
        RouteTopK o => RoutingLaunches.RouteTopK(_context, o),
        Softmax o => RoutingLaunches.Softmax(_context, o),
        ArgMax o => RoutingLaunches.ArgMax(_context, o),
        Pool o => RoutingLaunches.Pool(_context, o),
        RmsNorm o => NormLaunches.RmsNorm(_context, o),
        LayerNorm o => NormLaunches.LayerNorm(_context, o),
        Normalize o => NormLaunches.Normalize(_context, o),
        Rope o => AttentionLaunches.Rope(_context, o),
        KvAppend o => AttentionLaunches.KvAppend(_context, o),
        KvShift o => AttentionLaunches.KvShift(_context, o),
        Attention o => AttentionLaunches.Attention(_context, o),
        AttentionBatch o => AttentionLaunches.AttentionBatch(_context, o),
        Add o => ElementLaunches.Add(_context, o),
        Mul o => ElementLaunches.Mul(_context, o),
        Scale o => ElementLaunches.Scale(_context, o),
        SoftCap o => ElementLaunches.SoftCap(_context, o),
        Activate o => ElementLaunches.Activate(_context, o),
        Gated o => ElementLaunches.Gated(_context, o),
        Cast o => ElementLaunches.Cast(_context, o),
        View o => ElementLaunches.View(_context, o),
        _ => throw new InvalidOperationException($"{operation.GetType().Name} has no launch."),
    };
}
