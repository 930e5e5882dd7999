using ILGPU;

namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>The largest element of each row, ties to the lower index; not a number is below every number. A unit is a row; lanes go over its elements side by side.</summary>
internal static class ArgMaxKernel
{
    internal struct Arguments
    {
        /// <summary>[row][width].</summary>
        public ArrayView<float> Input;
        /// <summary>[row].</summary>
        public ArrayView<int> Ids;
        /// <summary>[row].</summary>
        public ArrayView<float> Values;
        public int Rows, Width;
    }

    public static void Run(Arguments a)
    {
        var values = SharedMemory.Allocate<float>(GroupSum.MaxLanes);
        var ids = SharedMemory.Allocate<int>(GroupSum.MaxLanes);
        var lane = Group.IdxX;
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var start = (long)row * a.Width;
            var best = -1;
            var largest = float.NaN;
            for (var i = lane; i < a.Width; i += Group.DimX)
            {
                var x = a.Input[start + i];
                if (!Ranking.Precedes(x, i, largest, best)) continue;
                largest = x;
                best = i;
            }
            var first = Ranking.First(values, ids, largest, best);
            if (lane != 0) continue;
            a.Ids[row] = first.Index < 0 ? 0 : first.Index;
            a.Values[row] = first.Value;
        }
    }
}
