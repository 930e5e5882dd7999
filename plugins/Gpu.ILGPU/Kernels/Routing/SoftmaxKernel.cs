using ILGPU;

namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>Softmax over rows. A unit is a row; lanes go over its elements side by side, three times; input and output may be the same view.</summary>
internal static class SoftmaxKernel
{
    internal struct Arguments
    {
        /// <summary>[row][width].</summary>
        public ArrayView<float> Input, Output;
        public int Rows, Width;
    }

    public static void Run(Arguments a)
    {
        var shared = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var start = (long)row * a.Width;
            var largest = float.NegativeInfinity;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var x = a.Input[start + i];
                if (x > largest) largest = x;
            }
            largest = Ranking.Largest(shared, largest);
            var sum = 0f;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX)
            {
                var e = Functions.Exp(a.Input[start + i] - largest);
                a.Output[start + i] = e;
                sum += e;
            }
            sum = GroupSum.Add(shared, sum);
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX) a.Output[start + i] /= sum;
        }
    }
}
