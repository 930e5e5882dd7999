using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Positions;

/// <summary>
/// Rotates the cached keys of every sequence by its shift. A unit is an entry of the page lists and a KV head; lanes go over words of cells, which lie side by side, of one pair of
/// elements after another. A lane owns both words of the pair; cells at the cached length and beyond keep their bits. Pages in other buffers are passed
/// over: one launch per buffer.
/// </summary>
internal static class KvShiftKernel
{
    internal struct Arguments
    {
        /// <summary>The buffer.</summary>
        public ArrayView<int> Words;
        /// <summary>[sequence][pair][cosine, sine] of the shifts, without magnitude.</summary>
        public ArrayView<float> Table;
        /// <summary>Sequences and pages.</summary>
        public StepView Step;
        public PagedLayer Layer;
        /// <summary>Sequences of the step, entries of all page lists, pairs that are rotated.</summary>
        public int Sequences, Entries, Pairs;
        /// <summary>1 if neighbours are a pair, 0 if the halves of the rotary width are.</summary>
        public int Adjacent;
    }

    public static void Run<TKey>(Arguments a) where TKey : unmanaged, IKvFormat
    {
        var format = default(TKey);
        var wordShift = a.Layer.PageShift - (format.PerWord - 1);
        for (var unit = Grid.IdxX; unit < a.Entries * a.Layer.Heads; unit += Grid.DimX)
        {
            int list = unit / a.Layer.Heads, head = unit % a.Layer.Heads, sequence = 0;
            while (sequence < a.Sequences && !Has(a, sequence, list)) sequence++;
            if (sequence == a.Sequences) continue;
            var entry = sequence * StepTables.SequenceWords;
            var cells = a.Step.Sequences[entry + StepTables.CachedLength] - (list - a.Step.Sequences[entry + StepTables.FirstPage] << a.Layer.PageShift);
            if (cells > 1 << a.Layer.PageShift) cells = 1 << a.Layer.PageShift;
            if (cells <= 0 || a.Step.Sequences[entry + StepTables.PositionShift] == 0) continue;
            var start = PagedLayer.PageStart(a.Layer, a.Step.Pages[list]);
            if (start < 0) continue;
            var keys = start + a.Layer.KeyOffset + (head * a.Layer.KeyWidth << wordShift);
            for (var i = Group.IdxX; i < a.Pairs << wordShift; i += Group.DimX)
            {
                int pair = i >> wordShift, word = i & (1 << wordShift) - 1;
                var table = ((long)sequence * a.Pairs + pair) * 2;
                var first = keys + ((a.Adjacent != 0 ? 2 * pair : pair) << wordShift) + word;
                var second = keys + ((a.Adjacent != 0 ? 2 * pair + 1 : pair + a.Pairs) << wordShift) + word;
                Rotate<TKey>(a, first, second, a.Table[table], a.Table[table + 1], cells - word * format.PerWord);
            }
        }
    }

    private static bool Has(Arguments a, int sequence, int list)
    {
        var first = a.Step.Sequences[sequence * StepTables.SequenceWords + StepTables.FirstPage];
        return list >= first && list < first + a.Step.Sequences[sequence * StepTables.SequenceWords + StepTables.PageCount];
    }

    private static void Rotate<TKey>(Arguments a, long first, long second, float cosine, float sine, int cells) where TKey : unmanaged, IKvFormat
    {
        var format = default(TKey);
        int x = a.Words[first], y = a.Words[second];
        for (var half = 0; half < format.PerWord && half < cells; half++)
        {
            float p = format.Unpack(x, half), q = format.Unpack(y, half);
            x = format.Replace(x, half, p * cosine - q * sine);
            y = format.Replace(y, half, p * sine + q * cosine);
        }
        if (cells <= 0) return;
        a.Words[first] = x;
        a.Words[second] = y;
    }
}
