using Hotplug.Accelerators.Programs;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// Stores keys and values of the step's rows in their cells. A unit is a row and a KV head; lanes go over words. Every word has one writer: a word of keys in 16 bits, which two
/// neighbouring cells share, is written by the row of the even cell, and by that of the odd cell only if the even one is not of this step; the cell that is not of this step keeps its
/// bits. Cells in other buffers of the pool are passed over: one launch per buffer.
/// </summary>
/// <remarks>Values are written side by side; keys a page's cells apart, one line of memory per element, which the rows of a prompt share.</remarks>
internal static class KvAppendKernel
{
    internal struct Arguments
    {
        /// <summary>[row][KV head][key width], and [row][KV head][value width].</summary>
        public ArrayView<float> Key, Value;
        /// <summary>The buffer.</summary>
        public ArrayView<int> Words;
        public StepView Step;
        public PagedLayer Layer;
        /// <summary>Rows of the step.</summary>
        public int Rows;
    }

    public static void Run<TKey, TValue>(Arguments a) where TKey : unmanaged, IKvFormat where TValue : unmanaged, IKvFormat
    {
        var units = a.Rows * a.Layer.Heads;
        for (var unit = Grid.IdxX; unit < units; unit += Grid.DimX)
        {
            int row = unit / a.Layer.Heads, head = unit % a.Layer.Heads;
            var entry = a.Step.RowSequences[row] * StepTables.SequenceWords;
            var inStep = row - a.Step.Sequences[entry + StepTables.FirstRow];
            var cell = a.Step.Sequences[entry + StepTables.CachedLength] + inStep;
            var start = PagedLayer.PageStart(a.Layer, a.Step.Pages[a.Step.Sequences[entry + StepTables.FirstPage] + (cell >> a.Layer.PageShift)]);
            if (start < 0) continue;
            var inPage = cell & (1 << a.Layer.PageShift) - 1;
            Keys<TKey>(a, start, head, inPage, row, inStep, inStep + 1 < a.Step.Sequences[entry + StepTables.RowCount]);
            Values<TValue>(a, start, head, inPage, row);
        }
    }

    private static void Keys<TKey>(Arguments a, long start, int head, int cell, int row, int inStep, bool hasNext) where TKey : unmanaged, IKvFormat
    {
        var format = default(TKey);
        var half = cell % format.PerWord;
        // The even cell's row writes both. Pages hold an even number of cells, so both lie in the same.
        if (half != 0 && inStep > 0) return;
        var stride = (1 << a.Layer.PageShift) / format.PerWord;
        var to = start + a.Layer.KeyOffset + head * a.Layer.KeyWidth * stride + cell / format.PerWord;
        long from = ((long)row * a.Layer.Heads + head) * a.Layer.KeyWidth, next = from + a.Layer.Heads * a.Layer.KeyWidth;
        for (var e = Group.IdxX; e < a.Layer.KeyWidth; e += Group.DimX)
        {
            var place = to + (long)e * stride;
            var word = format.Replace(a.Words[place], half, a.Key[from + e]);
            if (format.PerWord == 2 && half == 0 && hasNext) word = format.Replace(word, 1, a.Key[next + e]);
            a.Words[place] = word;
        }
    }

    private static void Values<TValue>(Arguments a, long start, int head, int cell, int row) where TValue : unmanaged, IKvFormat
    {
        var format = default(TValue);
        var words = a.Layer.ValueStride / format.PerWord;
        var to = start + a.Layer.ValueOffset + ((head << a.Layer.PageShift) + cell) * words;
        var from = ((long)row * a.Layer.Heads + head) * a.Layer.ValueWidth;
        for (var w = Group.IdxX; w < words; w += Group.DimX)
        {
            var e = w * format.PerWord;
            var word = format.Replace(0, 0, a.Value[from + e]);
            // Padding of an odd row becomes zero.
            if (format.PerWord == 2 && e + 1 < a.Layer.ValueWidth) word = format.Replace(word, 1, a.Value[from + e + 1]);
            a.Words[to + w] = word;
        }
    }
}
