namespace Hotplug.Inference.Quantization.Rows;

/// <summary>
/// The best scale and minimum of a group of elements that are codes from 0 times a scale, less a minimum: scales around the obvious one are tried, each with the
/// least-squares solution for its codes. After ggml's search, whose results a file that is to be the same depends on.
/// </summary>
/// <param name="Highest">The highest code.</param>
/// <param name="First">What the first try adds to it.</param>
/// <param name="Tries">Tries behind the first, each 0.1 more.</param>
/// <param name="Absolute">True to weigh absolute errors, false for squares.</param>
internal readonly record struct AffineGroup(int Highest, float First, int Tries, bool Absolute)
{
    private const float Step = 0.1f;

    /// <summary>Finds scale, minimum (0 or more, to be subtracted) and codes.</summary>
    /// <param name="values">The group, at most 32.</param>
    /// <param name="weights">Weights of the elements' errors.</param>
    /// <param name="codes">The codes.</param>
    public (float Scale, float Minimum) Search(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> codes)
    {
        var (low, high) = Rounding.Range(values);
        var (sumOfWeights, sumOfValues) = (weights[0], weights[0] * values[0]);
        for (var i = 1; i < values.Length; i++)
        {
            sumOfWeights += weights[i];
            sumOfValues += weights[i] * values[i];
        }

        if (low > 0) low = 0;
        if (high == low)
        {
            codes.Clear();
            return (0, -low);
        }

        var inverse = Highest / (high - low);
        var scale = 1 / inverse;
        for (var i = 0; i < values.Length; i++) codes[i] = Code(inverse * (values[i] - low));
        var least = Error(values, weights, codes, scale, low);

        Span<byte> candidate = stackalloc byte[32];
        candidate = candidate[..values.Length];
        for (var attempt = 0; attempt <= Tries; attempt++)
        {
            inverse = (First + Step * attempt + Highest) / (high - low);
            var (codesSum, squares, products) = (0f, 0f, 0f);
            for (var i = 0; i < values.Length; i++)
            {
                int code = candidate[i] = Code(inverse * (values[i] - low));
                var weighted = weights[i] * code;
                codesSum += weighted;
                squares += weighted * code;
                products += weighted * values[i];
            }

            var determinant = sumOfWeights * squares - codesSum * codesSum;
            if (!(determinant > 0)) continue;
            var scaleHere = (sumOfWeights * products - sumOfValues * codesSum) / determinant;
            var lowHere = (squares * sumOfValues - codesSum * products) / determinant;
            if (lowHere > 0) (scaleHere, lowHere) = (products / squares, 0);
            var error = Error(values, weights, candidate, scaleHere, lowHere);
            if (!(error < least)) continue;
            candidate.CopyTo(codes);
            // Later tries start from the minimum that was found.
            (least, scale, low) = (error, scaleHere, lowHere);
        }
        return (scale, -low);
    }

    private byte Code(float value) => (byte)Rounding.Nearest(value, 0, Highest);

    private float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<byte> codes, float scale, float low)
    {
        var error = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            var difference = scale * codes[i] + low - values[i];
            error += weights[i] * (Absolute ? MathF.Abs(difference) : difference * difference);
        }
        return error;
    }
}
