using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary><c>y[m, u, n], w[u, n] → [m, n]</c>: Σ_u w·y, experts in order. A lane makes an element; any group size, no shared memory.</summary>
internal static class CombineExpertsKernel
{
    internal struct Arguments
    {
        /// <summary>u·n rows of m.</summary>
        public ArrayView<float> Input;
        /// <summary>n rows of u.</summary>
        public ArrayView<float> Weights;
        /// <summary>n rows of m.</summary>
        public ArrayView<float> Output;
        /// <summary>Elements of a row: m.</summary>
        public int Width;
        /// <summary>Experts of a token: u.</summary>
        public int Used;
        /// <summary>Tokens: n.</summary>
        public int Tokens;
    }

    public static void Run(Arguments a)
    {
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < (long)a.Width * a.Tokens; i += (long)Grid.DimX * Group.DimX)
        {
            var token = i / a.Width;
            var element = i - token * a.Width;
            var sum = 0f;
            for (var u = 0; u < a.Used; u++)
            {
                var pair = token * a.Used + u;
                sum += a.Weights[pair] * a.Input[pair * a.Width + element];
            }
            a.Output[i] = sum;
        }
    }
}
