using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// Attention over the pages of a KV cache; how it works: <see cref="AttentionCore"/>. A launch sees one device buffer of the pool. With several, one launch each, in order, the first with
/// <see cref="Arguments.First"/>, the last with <see cref="Arguments.Last"/>; between them the state of every pair lies in <see cref="Arguments.State"/>. With few rows and
/// many cells the cells are divided over <see cref="Arguments.Splits"/> units, which leave their states to <see cref="AttentionMergeKernel"/>.
/// </summary>
internal static class AttentionKernel
{
    internal struct Arguments
    {
        /// <summary>[row][query head][key width], and [row][query head][value width].</summary>
        public ArrayView<float> Query, Output;
        /// <summary>A score per query head; any view where there are none.</summary>
        public ArrayView<float> Sinks;
        /// <summary>[split][row][query head][2 + value width]; not touched by the only launch of one split.</summary>
        public ArrayView<float> State;
        /// <summary>The buffer.</summary>
        public ArrayView<int> Words;
        public StepView Step;
        public PagedLayer Layer;
        /// <summary>Rows of the step, query heads per KV head.</summary>
        public int Rows, QueryHeadsPerHead;
        public float Scale;
        /// <summary>0 for none.</summary>
        public float SoftCap;
        /// <summary>0 or 1; 0 for none; 0 or 1.</summary>
        public int Causal, Window, HasSinks;
        /// <summary>At least 1; 0 or 1; 0 or 1.</summary>
        public int Splits, First, Last;
    }

    /// <summary>Floats of the state.</summary>
    public static long StateLength(int rows, int queryHeads, int valueWidth, int splits) => (long)splits * rows * queryHeads * (valueWidth + 2);

    public static void Run<TKey, TValue>(Arguments a) where TKey : unmanaged, IKvFormat where TValue : unmanaged, IKvFormat
        => AttentionCore.Run<TKey, TValue>(new AttentionWork
        {
            QueryHeadsPerHead = a.QueryHeadsPerHead,
            Rows = a.Rows,
            Paged = 1,
            Query = a.Query,
            Output = a.Output,
            Sinks = a.Sinks,
            State = a.State,
            Keys = a.Words,
            Values = a.Words,
            Step = a.Step,
            Layer = a.Layer,
            ValuePageWords = a.Layer.PageWords,
            Scale = a.Scale,
            SoftCap = a.SoftCap,
            Causal = a.Causal,
            Window = a.Window,
            HasSinks = a.HasSinks,
            Splits = a.Splits,
            First = a.First,
            Last = a.Last,
        });
}
