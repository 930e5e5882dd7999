using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// Attention among the rows of each sequence of the step: <see cref="AttentionCore"/> with rows as pages of one cell. Lanes over keys then read rows apart, which caches must
/// make up for; encoders have few rows.
/// </summary>
internal static class AttentionBatchKernel
{
    internal struct Arguments
    {
        /// <summary>[row][query head][key width], and [row][query head][value width].</summary>
        public ArrayView<float> Query, Output;
        /// <summary>The bits of [row][KV head][key width] and [row][KV head][value width].</summary>
        public ArrayView<int> Keys, Values;
        /// <summary>Without pages: any view.</summary>
        public StepView Step;
        public int Rows, Heads, QueryHeadsPerHead, KeyWidth, ValueWidth;
        public float Scale;
        /// <summary>0 for none.</summary>
        public float SoftCap;
        /// <summary>0 or 1; 0 for none.</summary>
        public int Causal, Window;
    }

    public static void Run(Arguments a)
        => AttentionCore.Run<KvF32, KvF32>(new AttentionWork
        {
            QueryHeadsPerHead = a.QueryHeadsPerHead,
            Rows = a.Rows,
            Paged = 0,
            Query = a.Query,
            Output = a.Output,
            // Neither is touched: there are no sinks, and one launch does it all.
            Sinks = a.Query,
            State = a.Output,
            Keys = a.Keys,
            Values = a.Values,
            Step = a.Step,
            Layer = new PagedLayer
            {
                PagesPerBuffer = a.Rows,
                PageWords = a.Heads * a.KeyWidth,
                Heads = a.Heads,
                KeyWidth = a.KeyWidth,
                ValueWidth = a.ValueWidth,
                ValueStride = a.ValueWidth,
            },
            ValuePageWords = a.Heads * a.ValueWidth,
            Scale = a.Scale,
            SoftCap = a.SoftCap,
            Causal = a.Causal,
            Window = a.Window,
            Splits = 1,
            First = 1,
            Last = 1,
        });
}
