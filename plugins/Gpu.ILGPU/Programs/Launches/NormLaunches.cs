using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Norms;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Launches of norms: a group a row.</summary>
internal static class NormLaunches
{
    public static Launch RmsNorm(LaunchContext c, RmsNorm o)
    {
        var (input, output, rows, width) = (c.At(o.Input), c.At(o.Output), Extent.RowsOf(o.Output), (int)o.Output.Shape.D0.Constant);
        var weight = c.At(o.Weight, out var weighted);
        return c.New(RmsNormKernel.Run<NoTail>, s => rows.Resolve(s.Extents), s => new RmsNormKernel.Arguments<NoTail>
        {
            Input = s.Floats(input), Weight = weighted ? s.Floats(weight) : s.Floats(input), Output = s.Floats(output),
            Rows = (int)rows.Resolve(s.Extents), Width = width, HasWeight = weighted ? 1 : 0, Epsilon = o.Epsilon,
        });
    }

    public static Launch LayerNorm(LaunchContext c, LayerNorm o)
    {
        var (input, output, rows, width) = (c.At(o.Input), c.At(o.Output), Extent.RowsOf(o.Output), (int)o.Output.Shape.D0.Constant);
        var weight = c.At(o.Weight, out var weighted);
        var bias = c.At(o.Bias, out var biased);
        return c.New(LayerNormKernel.Run, s => rows.Resolve(s.Extents), s => new LayerNormKernel.Arguments
        {
            Input = s.Floats(input), Weight = weighted ? s.Floats(weight) : s.Floats(input), Bias = biased ? s.Floats(bias) : s.Floats(input), Output = s.Floats(output),
            Rows = (int)rows.Resolve(s.Extents), Width = width, HasWeight = weighted ? 1 : 0, HasBias = biased ? 1 : 0, Epsilon = o.Epsilon,
        });
    }

    public static Launch Normalize(LaunchContext c, Normalize o)
    {
        var (input, output, rows, width) = (c.At(o.Input), c.At(o.Output), Extent.RowsOf(o.Output), (int)o.Output.Shape.D0.Constant);
        return c.New(NormalizeKernel.Run, s => rows.Resolve(s.Extents), s => new NormalizeKernel.Arguments
        {
            Input = s.Floats(input), Output = s.Floats(output), Rows = (int)rows.Resolve(s.Extents), Width = width, Epsilon = o.Epsilon,
        });
    }
}
