using ILGPU;

namespace Hotplug.Gpu.Kernels.Norms;

/// <summary>
/// y = (x − mean) / √(var + ε) · w + b, with the variance of the centred elements: dense rows, one group a row, neighbouring lanes on neighbouring elements.
/// The output may be the input.
/// </summary>
internal static class LayerNormKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Input;
        /// <summary>w, one row; not read without <see cref="HasWeight"/>.</summary>
        public ArrayView<float> Weight;
        /// <summary>b, one row; not read without <see cref="HasBias"/>.</summary>
        public ArrayView<float> Bias;
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Output;
        /// <summary>Rows.</summary>
        public int Rows;
        /// <summary>Elements of a row, at least 1.</summary>
        public int Width;
        /// <summary>1, or 0 for w = 1.</summary>
        public int HasWeight;
        /// <summary>1, or 0 for b = 0.</summary>
        public int HasBias;
        /// <summary>ε.</summary>
        public float Epsilon;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var shared = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var start = (long)row * a.Width;
            var sum = 0f;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX) sum += a.Input[start + i];
            var mean = GroupSum.Add(shared, sum) / a.Width;
            var squares = 0f;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var centred = a.Input[start + i] - mean;
                squares += centred * centred;
            }
            var factor = 1f / MathF.Sqrt(GroupSum.Add(shared, squares) / a.Width + a.Epsilon);
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var y = (a.Input[start + i] - mean) * factor;
                if (a.HasWeight != 0) y *= a.Weight[i];
                if (a.HasBias != 0) y += a.Bias[i];
                a.Output[start + i] = y;
            }
        }
    }
}
