using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;
using Kind = Hotplug.Abstractions.Graphs.Operations.Activation;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Element-wise operations. One rounding for arithmetic. An exponential is off by 2⁻²² of itself and by u times its argument, so sigmoid and what is made of
/// it by (|x| + 16)·2⁻²³ of itself; tanh and erf may be off by 2⁻²² absolutely, as 1 − 2/(e^2x + 1) is near zero.
/// </summary>
internal static class ElementBounds
{
    private static readonly double Transcendental = Math.ScaleB(1, -22);

    public static void Rounded(ReadOnlySpan<double> result, Span<double> bounds)
    {
        for (var i = 0; i < bounds.Length; i++) bounds[i] = 1.01 * Tolerance.Unit * Math.Abs(result[i]) + Tolerance.Floor;
    }

    public static void SoftCap(SoftCap operation, ReadOnlySpan<double> result, Span<double> bounds)
    {
        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = Transcendental * (Math.Abs(operation.Cap) + 2 * Math.Abs(result[i])) + Tolerance.Floor;
    }

    public static void Activate(Activate operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var x = input.Row(row, new double[bounds.Length]);
        for (var i = 0; i < bounds.Length; i++) bounds[i] = Activation(operation.Function, 1, x[i]);
    }

    public static void Gated(Gated operation, long row, Span<double> bounds, OperationContext context)
    {
        var gate = context.Operand(operation.Gate).Row(row, new double[bounds.Length]);
        var up = context.Operand(operation.Up).Row(row, new double[bounds.Length]);
        for (var i = 0; i < bounds.Length; i++)
        {
            var (x, factor) = ReferenceGated.Limited(operation, gate[i], up[i]);
            var activated = Math.Abs(Activations.Apply(operation.Function, operation.Alpha, x));
            bounds[i] = Activation(operation.Function, operation.Alpha, x) * Math.Abs(factor)
                + activated * Tolerance.Unit * (4 * Math.Abs(factor) + Math.Abs(up[i]) + 1) + Tolerance.Floor;
        }
    }

    public static void Pool(Pool operation, long row, Span<double> bounds, OperationContext context)
    {
        if (operation.Kind != Pooling.Mean) return;
        var input = context.Operand(operation.Input);
        var sequence = context.Step.Sequences.Span[(int)row];
        var scratch = new double[bounds.Length];
        for (var r = 0; r < sequence.RowCount; r++)
        {
            var x = input.Row(sequence.FirstRow + r, scratch);
            for (var i = 0; i < bounds.Length; i++) bounds[i] += Math.Abs(x[i]) / sequence.RowCount;
        }
        foreach (ref var bound in bounds) bound = bound * (sequence.RowCount + 2) * Tolerance.Unit + Tolerance.Floor;
    }

    private static double Activation(Kind function, double alpha, double x)
    {
        var size = Math.Abs(x);
        var result = Math.Abs(Activations.Apply(function, alpha, x));
        // Where the exponential leaves single precision, the sigmoid may be taken for zero or held at the smallest number.
        return Tolerance.Floor * (1 + size) + function switch
        {
            Kind.Relu => 0,
            Kind.ReluSquared => 2 * Tolerance.Unit * result,
            Kind.GeluTanh or Kind.GeluErf => Transcendental * (size + 2 * result),
            Kind.Tanh => Transcendental * (1 + result),
            Kind.SwishAlpha => (Math.Abs(alpha * x) + 16) * Math.ScaleB(1, -23) * result,
            _ => (size + 16) * Math.ScaleB(1, -23) * result,
        };
    }
}
