using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Four integers that a lane keeps in registers.</summary>
internal struct IntQuad
{
    public int A, B, C, D;

    /// <summary>Elements <paramref name="at"/>, at + stride, at + 2·stride and at + 3·stride.</summary>
    public static IntQuad Load(ArrayView<int> values, int at, int stride)
    {
        IntQuad quad;
        quad.A = values[at];
        quad.B = values[at + stride];
        quad.C = values[at + 2 * stride];
        quad.D = values[at + 3 * stride];
        return quad;
    }

    /// <summary>Adds to four sums the products of the four bytes of <paramref name="word"/> with those of four words.</summary>
    public static IntQuad AddDots(int word, IntQuad words, IntQuad sums)
    {
        sums.A = Dot4.Add(word, words.A, sums.A);
        sums.B = Dot4.Add(word, words.B, sums.B);
        sums.C = Dot4.Add(word, words.C, sums.C);
        sums.D = Dot4.Add(word, words.D, sums.D);
        return sums;
    }
}
