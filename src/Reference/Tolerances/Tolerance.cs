using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Operations;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// How far a correct backend may be from the exact result of one operation, element by element, given the very operands. The bounds are derived, not
/// tuned: they admit any order of single-precision sums and, where the contract allows it, activations quantised to eight bits, and nothing else. Each rule
/// stands with its derivation in a file of this folder. They hold for operands below about 2^60, where no intermediate result overflows.
/// </summary>
public static class Tolerance
{
    /// <summary>Unit round-off of single precision: the relative error of one rounded operation.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>
    /// Room below which results are not told apart: backends may take subnormal numbers for zero.
    /// </summary>
    public const double Floor = 2.350988701644575e-38;

    /// <summary>Whether a backend's element is right.</summary>
    /// <param name="expected">The exact result.</param>
    /// <param name="actual">The backend's.</param>
    /// <param name="bound">The permitted difference.</param>
    public static bool Accepts(double expected, float actual, double bound)
    {
        if (double.IsNaN(expected)) return float.IsNaN(actual);
        if (Math.Abs(actual - expected) <= bound) return true;
        // What does not fit single precision is infinite there, with the sign it has.
        return float.IsInfinity(actual) && Math.Abs(expected) + bound > float.MaxValue && (Math.Sign(expected) == Math.Sign(actual) || bound > float.MaxValue);
    }

    /// <summary>The first element that is not within its bound, or −1.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static int FirstOutside(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, ReadOnlySpan<double> bounds)
    {
        if (expected.Length != actual.Length || expected.Length != bounds.Length)
            throw new ArgumentException($"{expected.Length} expected elements, {actual.Length} actual, {bounds.Length} bounds.", nameof(actual));
        for (var i = 0; i < expected.Length; i++)
            if (!Accepts(expected[i], actual[i], bounds[i])) return i;
        return -1;
    }

    /// <summary>Bounds of every element of one of the values an operation has just written.</summary>
    internal static double[] Bounds(Operation operation, GraphValue written, OperationContext context)
    {
        var value = context.Value(written);
        var bounds = new double[value.Shape.ElementCount];
        for (var r = 0L; r < value.Shape.RowCount; r++)
        {
            var row = bounds.AsSpan((int)(r * value.Shape.D0), (int)value.Shape.D0);
            Row(operation, written, r, value.Row(r), row, context);
        }
        return bounds;
    }

    private static void Row(Operation operation, GraphValue written, long row, ReadOnlySpan<double> result, Span<double> bounds, OperationContext context)
    {
        switch (operation)
        {
            case MatMul o: ProductBounds.MatMul(o, row, bounds, context); break;
            case MatMulExperts o: ProductBounds.MatMulExperts(o, row, bounds, context); break;
            case CombineExperts o: ProductBounds.CombineExperts(o, row, bounds, context); break;
            case GetRows o: ProductBounds.GetRows(o, row, bounds, context); break;
            case RmsNorm o: NormBounds.RmsNorm(o, row, result, bounds, context); break;
            case LayerNorm o: NormBounds.LayerNorm(o, row, bounds, context); break;
            case Normalize o: NormBounds.Normalize(o, row, result, bounds, context); break;
            case Rope o: RopeBounds.Rope(o, row, bounds, context); break;
            case Attention o: AttentionBounds.Attention(o, (int)row, bounds, context); break;
            case AttentionBatch o: AttentionBounds.AttentionBatch(o, (int)row, bounds, context); break;
            case Softmax o: SoftmaxBounds.Softmax(o, row, result, bounds, context); break;
            case RouteTopK o: SoftmaxBounds.RouteTopK(o, written, row, result, bounds, context); break;
            case Add or Mul or Scale: ElementBounds.Rounded(result, bounds); break;
            case Cast o: if (o.Output.Type == Abstractions.Tensors.TensorType.F32) ElementBounds.Rounded(result, bounds); break;
            case SoftCap o: ElementBounds.SoftCap(o, result, bounds); break;
            case Activate o: ElementBounds.Activate(o, row, bounds, context); break;
            case Gated o: ElementBounds.Gated(o, row, bounds, context); break;
            case Pool o: ElementBounds.Pool(o, row, bounds, context); break;
            // Numbers are moved, not made.
            case View or ArgMax: break;
            default: throw new NotSupportedException($"{operation.GetType().Name} has no tolerance.");
        }
    }
}
