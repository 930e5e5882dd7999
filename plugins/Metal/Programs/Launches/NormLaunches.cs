using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Launches of what goes over whole rows: a threadgroup a row.</summary>
internal static class NormLaunches
{
    public static Launch RmsNorm(LaunchContext c, RmsNorm o)
    {
        var (rows, width, weight) = (Extent.RowsOf(o.Output), o.Output.Shape.D0.Constant, c.In(o.Weight, out var weighted));
        return c.Rows("Norms/RmsNorm.metal", "rms_norm", width, s => rows.Resolve(s.Extents),
            s => new RmsNormArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents), HasWeight = weighted, Epsilon = o.Epsilon }, c.In(o.Input), weight, c.Out(o.Output));
    }

    public static Launch LayerNorm(LaunchContext c, LayerNorm o)
    {
        var (rows, width) = (Extent.RowsOf(o.Output), o.Output.Shape.D0.Constant);
        var (weight, bias) = (c.In(o.Weight, out var weighted), c.In(o.Bias, out var biased));
        return c.Rows("Norms/LayerNorm.metal", "layer_norm", width, s => rows.Resolve(s.Extents),
            s => new LayerNormArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents), HasWeight = weighted, HasBias = biased, Epsilon = o.Epsilon },
            c.In(o.Input), weight, bias, c.Out(o.Output));
    }

    public static Launch Normalize(LaunchContext c, Normalize o)
    {
        var (rows, width) = (Extent.RowsOf(o.Output), o.Output.Shape.D0.Constant);
        return c.Rows("Norms/Normalize.metal", "normalize_rows", width, s => rows.Resolve(s.Extents),
            s => new NormalizeArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents), Epsilon = o.Epsilon }, c.In(o.Input), c.Out(o.Output));
    }

    public static Launch Softmax(LaunchContext c, Softmax o)
    {
        var (rows, width) = (Extent.RowsOf(o.Output), o.Output.Shape.D0.Constant);
        return c.Rows("Norms/Softmax.metal", "softmax", width, s => rows.Resolve(s.Extents), s => new SoftmaxArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents) }, c.In(o.Input), c.Out(o.Output));
    }

    public static Launch ArgMax(LaunchContext c, ArgMax o)
    {
        var (rows, width) = (Extent.RowsOf(o.Input), o.Input.Shape.D0.Constant);
        return c.Rows("Norms/ArgMax.metal", "arg_max", width, s => rows.Resolve(s.Extents), s => new ArgMaxArgs { Width = (uint)width, Rows = (uint)rows.Resolve(s.Extents) },
            c.In(o.Input), c.Out(o.Ids), c.Out(o.Values));
    }
}
