using System.Numerics.Tensors;

namespace Acme.Tensors.Kernels;

/// <summary>Operations over rows of floats.</summary>
internal static class Rows
{
    /// <summary>y = x / √(mean(x²) + ε) · w; an empty weight is 1.</summary>
    public static void RmsNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> weight, float epsilon, Span<float> output, int width)
    {
        for (var at = 0; at < input.Length; at += width)
        {
            var x = input.Slice(at, width);
            var y = output.Slice(at, width);
            // In double: squares of large activations leave the range of a float.
            var squares = 0.0;
            foreach (var element in x) squares += (double)element * element;
            TensorPrimitives.Multiply(x, (float)(1 / Math.Sqrt(squares / width + epsilon)), y);
            if (!weight.IsEmpty) TensorPrimitives.Multiply(y, weight, y);
        }
    }

    /// <summary>silu(gate) · up.</summary>
    public static void SiluGate(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> output)
    {
        // A step may have no rows, and Sigmoid insists on some.
        if (gate.IsEmpty) return;
        TensorPrimitives.Sigmoid(gate, output);
        TensorPrimitives.Multiply(output, gate, output);
        TensorPrimitives.Multiply(output, up, output);
    }

    /// <summary>left + right, where right may be one row for all of left.</summary>
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> output)
    {
        if (left.Length == right.Length) TensorPrimitives.Add(left, right, output);
        else
            for (var at = 0; at < left.Length; at += right.Length) TensorPrimitives.Add(left.Slice(at, right.Length), right, output[at..]);
    }

    /// <summary>left · right, where right may be one row for all of left.</summary>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> output)
    {
        if (left.Length == right.Length) TensorPrimitives.Multiply(left, right, output);
        else
            for (var at = 0; at < left.Length; at += right.Length) TensorPrimitives.Multiply(left.Slice(at, right.Length), right, output[at..]);
    }
}
