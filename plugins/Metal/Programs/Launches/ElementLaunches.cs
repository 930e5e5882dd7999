using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Launches of operations that go element by element.</summary>
internal static class ElementLaunches
{
    public static Launch Add(LaunchContext c, Add o) => Pair(c, "Elements/Add.metal", "add", o.Left, o.Right, o.Output);

    public static Launch Mul(LaunchContext c, Mul o) => Pair(c, "Elements/Mul.metal", "mul", o.Left, o.Right, o.Output);

    public static Launch Scale(LaunchContext c, Scale o)
    {
        var count = Extent.ElementsOf(o.Output);
        return c.Elements("Elements/Scale.metal", "scale", s => count.Resolve(s.Extents), s => new ScaleArgs { Count = (uint)count.Resolve(s.Extents), Factor = o.Factor }, c.In(o.Input), c.Out(o.Output));
    }

    public static Launch SoftCap(LaunchContext c, SoftCap o)
    {
        var count = Extent.ElementsOf(o.Output);
        return c.Elements("Elements/SoftCap.metal", "soft_cap", s => count.Resolve(s.Extents), s => new SoftCapArgs { Count = (uint)count.Resolve(s.Extents), Cap = o.Cap }, c.In(o.Input), c.Out(o.Output));
    }

    public static Launch Activate(LaunchContext c, Activate o)
    {
        var count = Extent.ElementsOf(o.Output);
        return c.Elements("Elements/Activate.metal", "activate", s => count.Resolve(s.Extents),
            s => new ActivateArgs { Count = (uint)count.Resolve(s.Extents), Function = (uint)o.Function, Alpha = 1 }, c.In(o.Input), c.Out(o.Output));
    }

    public static Launch Gated(LaunchContext c, Gated o)
    {
        var count = Extent.ElementsOf(o.Output);
        return c.Elements("Elements/Gated.metal", "gated", s => count.Resolve(s.Extents),
            s => new GatedArgs { Count = (uint)count.Resolve(s.Extents), Function = (uint)o.Function, Alpha = o.Alpha, Limit = o.Limit }, c.In(o.Gate), c.In(o.Up), c.Out(o.Output));
    }

    public static Launch Cast(LaunchContext c, Cast o)
    {
        var count = Extent.ElementsOf(o.Output);
        if (o.Input.Type == o.Output.Type) return Copy(c, c.In(o.Input), c.Out(o.Output), count);
        return o.Output.Type == TensorType.I32
            ? c.Elements("Elements/CastToInt.metal", "cast_to_int", s => count.Resolve(s.Extents), s => new CastToIntArgs { Count = (uint)count.Resolve(s.Extents) }, c.In(o.Input), c.Out(o.Output))
            : c.Elements("Elements/CastToFloat.metal", "cast_to_float", s => count.Resolve(s.Extents), s => new CastToFloatArgs { Count = (uint)count.Resolve(s.Extents) }, c.In(o.Input), c.Out(o.Output));
    }

    /// <summary>A view that has to be where the host looks for it.</summary>
    public static Launch View(LaunchContext c, View o)
        => Copy(c, Operand.In(c.Layout[o.Input].Plus(o.FirstRow * o.Input.Shape.D0.Constant * sizeof(float), c.Layout[o.Output].Length)), c.Out(o.Output), Extent.ElementsOf(o.Output));

    private static Launch Copy(LaunchContext c, Operand source, Operand destination, Extent count)
        => c.Elements("Elements/Copy.metal", "copy_words", s => count.Resolve(s.Extents), s => new CopyArgs { Count = (uint)count.Resolve(s.Extents) }, source, destination);

    private static Launch Pair(LaunchContext c, string file, string name, GraphValue left, GraphValue right, GraphValue output)
    {
        var (rows, width) = (Extent.RowsOf(output), output.Shape.D0.Constant);
        return c.Rows(file, name, width, s => width == 0 ? 0 : rows.Resolve(s.Extents), s =>
        {
            var (l, r) = (left.Shape.Resolve(s.Extents), right.Shape.Resolve(s.Extents));
            return new BroadcastArgs
            {
                Width = (uint)width, Extent1 = (uint)l.D1, Extent2 = (uint)l.D2, Extent3 = (uint)l.D3,
                Stride1 = r.D1 == 1 ? 0 : 1u, Stride2 = r.D2 == 1 ? 0 : (uint)r.D1, Stride3 = r.D3 == 1 ? 0 : (uint)(r.D1 * r.D2),
            };
        }, c.In(left), c.In(right), c.Out(output));
    }
}
