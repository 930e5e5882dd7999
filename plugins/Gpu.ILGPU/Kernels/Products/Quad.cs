using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Four numbers that a lane keeps in registers: fields, because kernels have no arrays that stay in registers.</summary>
internal struct Quad
{
    public float A, B, C, D;

    /// <summary>Elements <paramref name="at"/>, at + stride, at + 2·stride and at + 3·stride.</summary>
    public static Quad Load(ArrayView<float> values, int at, int stride)
    {
        Quad quad;
        quad.A = values[at];
        quad.B = values[at + stride];
        quad.C = values[at + 2 * stride];
        quad.D = values[at + 3 * stride];
        return quad;
    }

    /// <summary>sum + value·factors, element by element.</summary>
    public static Quad AddProduct(Quad sum, float value, Quad factors)
    {
        sum.A += value * factors.A;
        sum.B += value * factors.B;
        sum.C += value * factors.C;
        sum.D += value * factors.D;
        return sum;
    }

    /// <summary>
    /// The sums over all lanes of the group, in every lane. <paramref name="shared"/> has four elements per lane and may be used again at once; all lanes
    /// of the group call it. One tree for four sums, so its barriers are paid once.
    /// </summary>
    public static Quad GroupAdd(ArrayView<float> shared, Quad value)
    {
        var lane = Group.IdxX;
        var lanes = Group.DimX;
        shared[lane] = value.A;
        shared[lanes + lane] = value.B;
        shared[2 * lanes + lane] = value.C;
        shared[3 * lanes + lane] = value.D;
        Group.Barrier();
        for (var stride = lanes / 2; stride > 0; stride /= 2)
        {
            if (lane < stride)
            {
                shared[lane] += shared[lane + stride];
                shared[lanes + lane] += shared[lanes + lane + stride];
                shared[2 * lanes + lane] += shared[2 * lanes + lane + stride];
                shared[3 * lanes + lane] += shared[3 * lanes + lane + stride];
            }
            Group.Barrier();
        }
        var sum = Load(shared, 0, lanes);
        // Nobody overwrites them before everybody has read them.
        Group.Barrier();
        return sum;
    }
}
