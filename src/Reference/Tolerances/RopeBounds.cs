using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// Rotations. An angle computed in single precision from a frequency good to a few units is off by at most 2⁻²⁰ of itself; sine and cosine
/// add 2⁻²¹. Both elements of a pair move by at most that much of |a| + |b|.
/// </summary>
public static class RopeBounds
{
    /// <summary>Largest permitted difference of both elements of a rotated pair.</summary>
    /// <param name="angle">The angle in radians.</param>
    /// <param name="size">|a| + |b|, times the magnitude of the rotation.</param>
    public static double Pair(double angle, double size)
        => size * (Math.Min(2, Math.Abs(angle) * Math.ScaleB(1, -20)) + Math.ScaleB(1, -21)) + Tolerance.Floor;

    internal static void Rope(Rope operation, long row, Span<double> bounds, OperationContext context)
    {
        var input = context.Operand(operation.Input);
        var x = input.Row(row, new double[input.Shape.D0]);
        var factors = context.Vector(operation.Factors, 1);
        var position = context.Step.Positions.Span[(int)(row / input.Shape.D1)];
        var parameters = operation.Parameters;
        for (var pair = 0; pair < parameters.RotaryWidth / 2; pair++)
        {
            var (a, b) = Rotation.Pair(parameters, pair);
            var size = (Math.Abs(x[a]) + Math.Abs(x[b])) * Math.Abs(Rotation.Magnitude(parameters));
            bounds[a] = bounds[b] = Pair(position * Rotation.Frequency(parameters, factors, pair), size);
        }
    }
}
