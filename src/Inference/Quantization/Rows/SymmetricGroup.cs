namespace Hotplug.Inference.Quantization.Rows;

/// <summary>
/// The best scale of a group of elements that are signed codes times a scale: the one with the least error weighted by the squares of the elements.
/// After ggml's searches, whose results a file that is to be the same depends on.
/// </summary>
internal static class SymmetricGroup
{
    private const int Steps = 9, Refinements = 5;

    /// <summary>Tries scales around the obvious one; for Q6_K.</summary>
    /// <param name="values">The group.</param>
    /// <param name="reach">Codes are −reach to reach − 1.</param>
    /// <param name="codes">The codes, plus <paramref name="reach"/>; all 0 if the elements are.</param>
    /// <returns>The scale.</returns>
    public static float Search(ReadOnlySpan<float> values, int reach, Span<byte> codes)
    {
        var largest = Rounding.Largest(values);
        if (MathF.Abs(largest) < Rounding.Nothing)
        {
            codes.Clear();
            return 0;
        }

        var inverse = -reach / largest;
        var (products, squares) = Sums(values, reach, inverse);
        Write(values, reach, inverse, codes);
        var scale = squares != 0 ? products / squares : 0f;
        var best = scale * products;
        for (var step = -Steps; step <= Steps; step++)
        {
            if (step == 0) continue;
            inverse = -(reach + 0.1f * step) / largest;
            (products, squares) = Sums(values, reach, inverse);
            if (!(squares > 0) || !(products * products > best * squares)) continue;
            Write(values, reach, inverse, codes);
            scale = products / squares;
            best = scale * products;
        }
        return scale;
    }

    /// <summary>Changes codes one by one as long as the error falls; for Q3_K.</summary>
    /// <inheritdoc cref="Search"/>
    public static float Refine(ReadOnlySpan<float> values, int reach, Span<byte> codes)
    {
        var largest = Rounding.Largest(values);
        if (MathF.Abs(largest) < Rounding.Nothing)
        {
            codes.Clear();
            return 0;
        }

        var inverse = -reach / largest;
        var (products, squares) = Sums(values, reach, inverse);
        Write(values, reach, inverse, codes);
        for (var round = 0; round < Refinements; round++)
        {
            var changed = false;
            for (var i = 0; i < values.Length; i++)
            {
                var (value, weight, code) = (values[i], values[i] * values[i], codes[i] - reach);
                var otherProducts = products - weight * value * code;
                if (!(otherProducts > 0)) continue;
                var otherSquares = squares - weight * code * code;
                var candidate = Rounding.Nearest(value * otherSquares / otherProducts, -reach, reach - 1);
                if (candidate == code) continue;
                otherProducts += weight * value * candidate;
                otherSquares += weight * candidate * candidate;
                if (!(otherSquares > 0) || !(otherProducts * otherProducts * squares > products * products * otherSquares)) continue;
                codes[i] = (byte)(candidate + reach);
                (products, squares, changed) = (otherProducts, otherSquares, true);
            }
            if (!changed) break;
        }
        return squares > 0 ? products / squares : 0f;
    }

    // Sums of weight·value·code and weight·code², with the square of the value as its weight.
    private static (float Products, float Squares) Sums(ReadOnlySpan<float> values, int reach, float inverse)
    {
        var (products, squares) = (0f, 0f);
        foreach (var value in values)
        {
            var code = Rounding.Nearest(inverse * value, -reach, reach - 1);
            var weight = value * value;
            products += weight * value * code;
            squares += weight * code * code;
        }
        return (products, squares);
    }

    private static void Write(ReadOnlySpan<float> values, int reach, float inverse, Span<byte> codes)
    {
        for (var i = 0; i < values.Length; i++) codes[i] = (byte)(reach + Rounding.Nearest(inverse * values[i], -reach, reach - 1));
    }
}
