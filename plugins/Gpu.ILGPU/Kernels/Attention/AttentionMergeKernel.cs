using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>Makes the output of attention from the states of its splits, in their order. A unit is a row and a query head; lanes go over elements. Needed if there is more than one split.</summary>
internal static class AttentionMergeKernel
{
    internal struct Arguments
    {
        /// <summary>[split][row][query head][2 + value width], as <see cref="AttentionKernel"/> left it.</summary>
        public ArrayView<float> State;
        /// <summary>[row][query head][value width].</summary>
        public ArrayView<float> Output;
        /// <summary>A score per query head; any view where there are none.</summary>
        public ArrayView<float> Sinks;
        public int Rows, QueryHeads, ValueWidth, Splits, HasSinks;
    }

    public static void Run(Arguments a)
    {
        var pairs = a.Rows * a.QueryHeads;
        var apart = (long)pairs * (a.ValueWidth + 2);
        for (var pair = Grid.IdxX; pair < pairs; pair += Grid.DimX)
        {
            var first = (long)pair * (a.ValueWidth + 2);
            var top = float.NegativeInfinity;
            for (var split = 0; split < a.Splits; split++) top = Four.Larger(top, a.State[first + split * apart]);
            var total = 0f;
            for (var split = 0; split < a.Splits; split++)
                total += a.State[first + split * apart + 1] * AttentionCore.Weight(a.State[first + split * apart], top);
            var share = AttentionCore.Share(top, total, a.HasSinks, a.HasSinks != 0 ? a.Sinks[pair % a.QueryHeads] : 0f);
            for (var e = Group.IdxX; e < a.ValueWidth; e += Group.DimX)
            {
                var sum = 0f;
                for (var split = 0; split < a.Splits; split++)
                    sum += a.State[first + split * apart + 2 + e] * AttentionCore.Weight(a.State[first + split * apart], top);
                a.Output[(long)pair * a.ValueWidth + e] = share == 0f ? 0f : sum * share;
            }
        }
    }
}
