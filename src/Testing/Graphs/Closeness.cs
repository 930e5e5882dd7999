using Hotplug.Abstractions.Tensors;
using Xunit;

namespace Hotplug.Testing.Graphs;

/// <summary>Whether two results of many operations are the same for practical purposes, by the root of the mean square of their difference.</summary>
public static class Closeness
{
    /// <summary>
    /// Relative difference to the exact result that a right backend stays below in a small model, by the type of its matrices: rounding of sums for exact types, of
    /// activations for others. Generous for these, because a model amplifies it; the bounds of single operations are the sharp ones.
    /// </summary>
    public static double ToReference(TensorType type) => type switch
    {
        TensorType.F32 => 1e-4,
        TensorType.F16 or TensorType.BF16 => 3e-2,
        _ => 0.3,
    };

    /// <summary>Relative difference between two ways of one device to the same result: fused or not, in pages here or there. Activations are rounded at the same places.</summary>
    public static double ToItself(TensorType type) => type switch
    {
        TensorType.F32 => 1e-4,
        TensorType.F16 or TensorType.BF16 => 1e-2,
        _ => 0.1,
    };

    /// <summary>The difference is below the limit, and nothing is NaN.</summary>
    public static void Expect(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double limit)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}.");
        double difference = 0, size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"{what}: element {i} is {actual[i]}; something read what nobody wrote, or overflowed.");
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        var relative = size == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / size);
        Assert.True(relative <= limit, $"{what}: the results differ by {relative:g3} of their size; at most {limit:g3} is rounding.");
    }

    /// <summary>The same for two results of devices.</summary>
    public static void Expect(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double limit)
    {
        var doubles = new double[expected.Length];
        for (var i = 0; i < doubles.Length; i++) doubles[i] = expected[i];
        Expect(what, doubles, actual, limit);
    }
}
