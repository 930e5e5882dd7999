using ILGPU;

namespace Hotplug.Gpu.Kernels.Norms;

/// <summary>y = x / max(√Σx², ε): dense rows, one group a row, neighbouring lanes on neighbouring elements. The output may be the input.</summary>
internal static class NormalizeKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Input;
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Output;
        /// <summary>Rows.</summary>
        public int Rows;
        /// <summary>Elements of a row, at least 1.</summary>
        public int Width;
        /// <summary>ε, the smallest divisor.</summary>
        public float Epsilon;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var shared = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var start = (long)row * a.Width;
            var squares = 0f;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var x = a.Input[start + i];
                squares += x * x;
            }
            var length = MathF.Sqrt(GroupSum.Add(shared, squares));
            // By comparison, so that not-a-number stays what it is.
            var divisor = length < a.Epsilon ? a.Epsilon : length;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX) a.Output[start + i] = a.Input[start + i] / divisor;
        }
    }
}
