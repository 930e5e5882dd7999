using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Launches of what chooses among numbers, or gathers rows.</summary>
internal static class RoutingLaunches
{
    /// <summary>Most experts to choose among: MAX_EXPERTS of the kernel.</summary>
    public const int MostExperts = 1024;

    public static Launch RouteTopK(LaunchContext c, RouteTopK o)
    {
        var (rows, bias) = (Extent.RowsOf(o.Logits), c.In(o.Bias, out var biased));
        // One simdgroup.
        return c.Rows("Experts/RouteTopK.metal", "route_top_k", LaunchContext.Simd, s => rows.Resolve(s.Extents), s => new RouteTopKArgs
        {
            Experts = (uint)o.Logits.Shape.D0.Constant, Used = (uint)o.Ids.Shape.D0.Constant, Tokens = (uint)rows.Resolve(s.Extents), IsSigmoid = o.Sigmoid ? 1u : 0,
            Renormalize = o.Renormalize ? 1u : 0, HasBias = biased, Scale = o.Scale,
        }, c.In(o.Logits), bias, c.Out(o.Ids), c.Out(o.Weights));
    }

    public static Launch CombineExperts(LaunchContext c, CombineExperts o)
    {
        var (count, tokens) = (Extent.ElementsOf(o.Output), Extent.RowsOf(o.Weights));
        return c.Elements("Experts/CombineExperts.metal", "combine_experts", s => count.Resolve(s.Extents), s => new CombineExpertsArgs
        {
            M = (uint)o.Input.Shape.D0.Constant, Used = (uint)o.Weights.Shape.D0.Constant, Tokens = (uint)tokens.Resolve(s.Extents),
        }, c.In(o.Input), c.In(o.Weights), c.Out(o.Output));
    }

    public static Launch Pool(LaunchContext c, Pool o)
    {
        var width = o.Input.Shape.D0.Constant;
        // POOL_MEAN and POOL_FIRST of the kernel; anything else is the last row.
        var kind = o.Kind switch { Pooling.Mean => 0u, Pooling.First => 1u, _ => 2u };
        return c.Rows("Rows/Pool.metal", "pool", width, s => s.Extents.Sequences, s => new PoolArgs { Width = (uint)width, Sequences = (uint)s.Extents.Sequences, Kind = kind },
            c.In(o.Input), Operand.Table(OperandKind.Sequences), c.Out(o.Output));
    }
}
