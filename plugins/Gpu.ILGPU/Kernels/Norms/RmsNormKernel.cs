using ILGPU;

namespace Hotplug.Gpu.Kernels.Norms;

/// <summary>y = x / √(mean(x²) + ε) · w: dense rows, one group a row, neighbouring lanes on neighbouring elements. The output may be the input.</summary>
internal static class RmsNormKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments<TTail> where TTail : struct, IRowTail
    {
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Input;
        /// <summary>w, one row; not read without <see cref="HasWeight"/>.</summary>
        public ArrayView<float> Weight;
        /// <summary><see cref="Rows"/> rows.</summary>
        public ArrayView<float> Output;
        /// <summary>Rows.</summary>
        public int Rows;
        /// <summary>Elements of a row, at least 1.</summary>
        public int Width;
        /// <summary>1, or 0 for w = 1.</summary>
        public int HasWeight;
        /// <summary>ε.</summary>
        public float Epsilon;
        /// <summary>What is done with every row written.</summary>
        public TTail Tail;
    }

    /// <summary>Runs it.</summary>
    internal static void Run<TTail>(Arguments<TTail> a) where TTail : struct, IRowTail
    {
        var shared = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        var tail = a.Tail;
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var start = (long)row * a.Width;
            var squares = 0f;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var x = a.Input[start + i];
                squares += x * x;
            }
            var factor = 1f / MathF.Sqrt(GroupSum.Add(shared, squares) / a.Width + a.Epsilon);
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var y = a.Input[start + i] * factor;
                if (a.HasWeight != 0) y *= a.Weight[i];
                a.Output[start + i] = y;
            }
            Group.Barrier();
            tail.Run(a.Output.SubView(start, a.Width), row);
        }
    }
}
