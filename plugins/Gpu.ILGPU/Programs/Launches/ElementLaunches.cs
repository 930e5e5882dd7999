using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Elements;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Launches of operations that go element by element.</summary>
internal static class ElementLaunches
{
    public static Launch Add(LaunchContext c, Add o)
    {
        var (left, right, output, count) = (c.At(o.Left), c.At(o.Right), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(AddKernel.Run, count, s => new AddKernel.Arguments
        {
            Left = s.Floats(left), Right = s.Floats(right), Output = s.Floats(output),
            Repetition = Repetition.Of(o.Left.Shape.Resolve(s.Extents), o.Right.Shape.Resolve(s.Extents)), Count = (int)count.Resolve(s.Extents),
        });
    }

    public static Launch Mul(LaunchContext c, Mul o)
    {
        var (left, right, output, count) = (c.At(o.Left), c.At(o.Right), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(MulKernel.Run, count, s => new MulKernel.Arguments
        {
            Left = s.Floats(left), Right = s.Floats(right), Output = s.Floats(output),
            Repetition = Repetition.Of(o.Left.Shape.Resolve(s.Extents), o.Right.Shape.Resolve(s.Extents)), Count = (int)count.Resolve(s.Extents),
        });
    }

    public static Launch Scale(LaunchContext c, Scale o)
    {
        var (input, output, count) = (c.At(o.Input), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(ScaleKernel.Run, count, s => new ScaleKernel.Arguments { Input = s.Floats(input), Output = s.Floats(output), Factor = o.Factor, Count = count.Resolve(s.Extents) });
    }

    public static Launch SoftCap(LaunchContext c, SoftCap o)
    {
        var (input, output, count) = (c.At(o.Input), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(SoftCapKernel.Run, count, s => new SoftCapKernel.Arguments { Input = s.Floats(input), Output = s.Floats(output), Cap = o.Cap, Count = count.Resolve(s.Extents) });
    }

    public static Launch Activate(LaunchContext c, Activate o)
    {
        var (input, output, count) = (c.At(o.Input), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(ActivateKernel.Of(o.Function), count, s => new ActivateKernel.Arguments { Input = s.Floats(input), Output = s.Floats(output), Count = count.Resolve(s.Extents) });
    }

    public static Launch Gated(LaunchContext c, Gated o)
    {
        var (gate, up, output, count) = (c.At(o.Gate), c.At(o.Up), c.At(o.Output), Extent.ElementsOf(o.Output));
        return c.Elements(GatedKernel.Of(o.Function), count, s => new GatedKernel.Arguments
        {
            Gate = s.Floats(gate), Up = s.Floats(up), Output = s.Floats(output), Count = count.Resolve(s.Extents), Limit = o.Limit, Alpha = o.Alpha,
        });
    }

    public static Launch Cast(LaunchContext c, Cast o)
    {
        if (o.Input.Type == o.Output.Type) return Copy(c, c.At(o.Input), c.At(o.Output), Extent.ElementsOf(o.Output));
        var (input, output, count) = (c.At(o.Input), c.At(o.Output), Extent.ElementsOf(o.Output));
        return o.Output.Type == TensorType.I32
            ? c.Elements(CastToIntegerKernel.Run, count, s => new CastToIntegerKernel.Arguments { Input = s.Floats(input), Output = s.Words(output), Count = count.Resolve(s.Extents) })
            : c.Elements(CastToFloatKernel.Run, count, s => new CastToFloatKernel.Arguments { Input = s.Words(input), Output = s.Floats(output), Count = count.Resolve(s.Extents) });
    }

    /// <summary>A view that has to be where the host looks for it.</summary>
    public static Launch View(LaunchContext c, View o)
        => Copy(c, c.At(o.Input).Plus(o.FirstRow * o.Input.Shape.D0.Constant * sizeof(float), c.At(o.Output).Length), c.At(o.Output), Extent.ElementsOf(o.Output));

    private static Launch Copy(LaunchContext c, Place source, Place destination, Extent count)
        => c.Elements(CopyKernel.Run, count, s => new CopyKernel.Arguments { Source = s.Words(source), Destination = s.Words(destination), Count = count.Resolve(s.Extents) });
}
