using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Acme.Tensors.Memory;
using Hotplug.Abstractions.Tensors;

namespace Acme.Tensors.Kernels;

/// <summary>Rows of weights as floats.</summary>
internal static unsafe class WeightRow
{
    /// <summary>The types that are read.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.F32, TensorType.F16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1];

    public static bool Knows(TensorType type) => Types.Contains(type);

    /// <summary>A row as floats: where it lies, or expanded into the scratch.</summary>
    public static ReadOnlySpan<float> Floats(TensorType type, byte* row, int width, Span<float> scratch)
    {
        if (type == TensorType.F32) return new ReadOnlySpan<float>(row, width);
        Expand(type, row, scratch[..width]);
        return scratch[..width];
    }

    /// <summary>Expands a row.</summary>
    public static void Expand(TensorType type, byte* row, Span<float> floats)
    {
        switch (type)
        {
            case TensorType.F32:
                new ReadOnlySpan<float>(row, floats.Length).CopyTo(floats);
                break;
            case TensorType.F16:
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(row, floats.Length), floats);
                break;
            default:
                ExpandPlanes(type, row, floats);
                break;
        }
    }

    // A plane of codes, one of scales, and for Q4_1 one of minima. A code times a scale is exact in a float, and so are the eight scales that Q4_0 lies lower.
    private static void ExpandPlanes(TensorType type, byte* row, Span<float> floats)
    {
        var blocks = floats.Length / PlaneLayout.BlockLength;
        var codes = (sbyte*)row;
        var scales = (Half*)(row + floats.Length);
        fixed (float* to = floats)
            for (var b = 0; b < blocks; b++)
            {
                var scale = (float)scales[b];
                var least = type switch { TensorType.Q4_0 => -8 * scale, TensorType.Q4_1 => (float)scales[blocks + b], _ => 0 };
                ExpandBlock(codes + b * PlaneLayout.BlockLength, scale, least, to + b * PlaneLayout.BlockLength);
            }
    }

    private static void ExpandBlock(sbyte* codes, float scale, float least, float* to)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(codes));
        var (a, b) = Vector256.Widen(low);
        var (c, d) = Vector256.Widen(high);
        Store(a, 0);
        Store(b, 8);
        Store(c, 16);
        Store(d, 24);

        void Store(Vector256<int> part, int at) => (Vector256.ConvertToSingle(part) * scale + Vector256.Create(least)).Store(to + at);
    }
}
