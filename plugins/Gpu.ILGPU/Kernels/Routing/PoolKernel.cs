using Hotplug.Accelerators.Programs;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>One row of each sequence's rows; zeros for a sequence without rows. A lane takes an element of a sequence, and sums its rows in order. Grid and group of any size.</summary>
internal static class PoolKernel
{
    /// <summary>Values of <see cref="Arguments.Kind"/>, as <c>Pooling</c> has them.</summary>
    public const int Mean = 0, First = 1, Last = 2;

    internal struct Arguments
    {
        /// <summary>[row][width].</summary>
        public ArrayView<float> Input;
        /// <summary>[sequence][width].</summary>
        public ArrayView<float> Output;
        /// <summary>Entries as <see cref="StepTables"/> has them.</summary>
        public ArrayView<int> Sequences;
        public int SequenceCount, Width, Kind;
    }

    public static void Run(Arguments a)
    {
        var step = (long)Grid.DimX * Group.DimX;
        for (var item = (long)Grid.IdxX * Group.DimX + Group.IdxX; item < (long)a.SequenceCount * a.Width; item += step)
        {
            var sequence = (int)(item / a.Width);
            var element = (int)(item - (long)sequence * a.Width);
            var first = a.Sequences[sequence * StepTables.SequenceWords + StepTables.FirstRow];
            var rows = a.Sequences[sequence * StepTables.SequenceWords + StepTables.RowCount];
            var sum = 0f;
            if (rows > 0 && a.Kind == Mean)
            {
                for (var r = first; r < first + rows; r++) sum += a.Input[(long)r * a.Width + element];
                sum /= rows;
            }
            else if (rows > 0)
            {
                sum = a.Input[(long)(a.Kind == First ? first : first + rows - 1) * a.Width + element];
            }
            a.Output[item] = sum;
        }
    }
}
