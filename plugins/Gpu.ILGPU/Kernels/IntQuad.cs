using ILGPU;

namespace Hotplug.Gpu.Kernels;

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

    /// <summary>Writes elements <paramref name="at"/>, at + stride, at + 2·stride and at + 3·stride.</summary>
    public static void Store(ArrayView<int> values, int at, int stride, IntQuad quad)
    {
        values[at] = quad.A;
        values[at + stride] = quad.B;
        values[at + 2 * stride] = quad.C;
        values[at + 3 * stride] = quad.D;
    }
}
