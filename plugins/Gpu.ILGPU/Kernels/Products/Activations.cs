using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// Quantised activations, the numbers of the Cpu plugin: per 32 elements x ≈ d·(254·c + f) with signed bytes c (coarse) and f (fine), both within ±127, and
/// d = max|x| / 32384. A row of U units of sixteen elements (a multiple of two) is ten planes of U words: coarse codes j = 0 to 3, fine codes j = 0 to 3 (word j of a unit
/// holds elements 4j to 4j + 3, the lowest in the lowest byte), d as a float, and Σ(254·c + f) over the unit as an integer.
/// </summary>
internal static class Activations
{
    /// <summary>Fine steps in a coarse one.</summary>
    public const int Steps = 254;
    // Half a coarse step less one above the largest coarse code, which a tie would round up to 128.
    private const int Largest = Steps * 127 + Steps / 2 - 1;

    /// <summary>Words of a quantised row of <paramref name="width"/> elements, a multiple of 32.</summary>
    public static long RowWords(long width) => width / 16 * 10;

    /// <summary>
    /// Quantises 32 elements; one lane does it alone, without barriers, so a kernel that has just written a row spreads its blocks over the lanes after one barrier.
    /// </summary>
    /// <param name="x">The elements.</param>
    /// <param name="start">First element of the row in <paramref name="x"/>.</param>
    /// <param name="rows">Receives the codes.</param>
    /// <param name="row">First word of the quantised row.</param>
    /// <param name="units">Units of the row.</param>
    /// <param name="block">Number of the block in the row, 0 to units / 2 − 1.</param>
    public static void Quantize(ArrayView<float> x, long start, ArrayView<int> rows, long row, int units, int block)
    {
        start += 32L * block;
        // As bits, numbers without sign compare like integers, and a NaN is the largest.
        var largestBits = 0;
        for (var i = 0; i < 32; i++)
        {
            var bits = Numbers.AsInt(x[start + i]) & 0x7FFFFFFF;
            largestBits = bits > largestBits ? bits : largestBits;
        }
        var largest = Numbers.AsFloat(largestBits);
        // Below, the factor would overflow; what such values add is below what a float sum of ordinary ones can hold.
        var vanishes = largest < 1e-33f;
        var factor = vanishes ? 0f : Largest / largest;
        var step = vanishes ? 0f : largest * (1f / Largest);
        for (var half = 0; half < 2; half++)
        {
            var at = row + 2L * block + half;
            var sum = 0;
            for (var j = 0; j < 4; j++)
            {
                int coarse = 0, fine = 0;
                for (var i = 0; i < 4; i++)
                {
                    // Rounded by bits: a compiler cannot fuse the product into what follows.
                    var code = Numbers.RoundToInt(x[start + 16 * half + 4 * j + i] * factor);
                    var high = Numbers.RoundToInt(code * (1f / Steps));
                    coarse |= (high & 255) << (8 * i);
                    fine |= ((code - Steps * high) & 255) << (8 * i);
                    sum += code;
                }
                rows[at + (long)j * units] = coarse;
                rows[at + (4L + j) * units] = fine;
            }
            rows[at + 8L * units] = Numbers.AsInt(step);
            rows[at + 9L * units] = sum;
        }
    }

    /// <summary>Reads a unit of a quantised row.</summary>
    public static ActivationUnit Load(ArrayView<int> rows, long row, int units, int unit)
    {
        var at = row + unit;
        ActivationUnit result;
        result.Coarse.A = rows[at];
        result.Coarse.B = rows[at + units];
        result.Coarse.C = rows[at + 2L * units];
        result.Coarse.D = rows[at + 3L * units];
        result.Fine.A = rows[at + 4L * units];
        result.Fine.B = rows[at + 5L * units];
        result.Fine.C = rows[at + 6L * units];
        result.Fine.D = rows[at + 7L * units];
        result.Step = Numbers.AsFloat(rows[at + 8L * units]);
        result.Sum = rows[at + 9L * units];
        return result;
    }
}
