using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Routing;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Launches of what chooses among numbers, or gathers rows.</summary>
internal static class RoutingLaunches
{
    public static Launch RouteTopK(LaunchContext c, RouteTopK o)
    {
        var (logits, ids, weights, rows) = (c.At(o.Logits), c.At(o.Ids), c.At(o.Weights), Extent.RowsOf(o.Logits));
        var bias = c.At(o.Bias, out var biased);
        var (experts, used) = ((int)o.Logits.Shape.D0.Constant, (int)o.Ids.Shape.D0.Constant);
        return c.New(RouteTopKKernel.Run, s => rows.Resolve(s.Extents), s => new RouteTopKKernel.Arguments
        {
            Logits = s.Floats(logits), Bias = biased ? s.Floats(bias) : s.Floats(logits), Ids = s.Words(ids), Weights = s.Floats(weights), Rows = (int)rows.Resolve(s.Extents), Experts = experts, Used = used,
            HasBias = biased ? 1 : 0, Sigmoid = o.Sigmoid ? 1 : 0, Renormalize = o.Renormalize ? 1 : 0, Scale = o.Scale,
        });
    }

    public static Launch Softmax(LaunchContext c, Softmax o)
    {
        var (input, output, rows, width) = (c.At(o.Input), c.At(o.Output), Extent.RowsOf(o.Output), (int)o.Output.Shape.D0.Constant);
        return c.New(SoftmaxKernel.Run, s => rows.Resolve(s.Extents), s => new SoftmaxKernel.Arguments { Input = s.Floats(input), Output = s.Floats(output), Rows = (int)rows.Resolve(s.Extents), Width = width });
    }

    public static Launch ArgMax(LaunchContext c, ArgMax o)
    {
        var (input, ids, values, rows, width) = (c.At(o.Input), c.At(o.Ids), c.At(o.Values), Extent.RowsOf(o.Input), (int)o.Input.Shape.D0.Constant);
        return c.New(ArgMaxKernel.Run, s => rows.Resolve(s.Extents), s => new ArgMaxKernel.Arguments
        {
            Input = s.Floats(input), Ids = s.Words(ids), Values = s.Floats(values), Rows = (int)rows.Resolve(s.Extents), Width = width,
        });
    }

    public static Launch Pool(LaunchContext c, Pool o)
    {
        var (input, output, width, perGroup) = (c.At(o.Input), c.At(o.Output), (int)o.Input.Shape.D0.Constant, c.GroupSize * 4L);
        var kind = o.Kind switch { Pooling.Mean => PoolKernel.Mean, Pooling.First => PoolKernel.First, _ => PoolKernel.Last };
        return c.New(PoolKernel.Run, s => ((long)s.Extents.Sequences * width + perGroup - 1) / perGroup, s => new PoolKernel.Arguments
        {
            Input = s.Floats(input), Output = s.Floats(output), Sequences = s.Tables.Sequences, SequenceCount = s.Extents.Sequences, Width = width, Kind = kind,
        });
    }
}
