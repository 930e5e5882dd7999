using Hotplug.Accelerators.Programs;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// Attention with the online softmax (Milakov and Gimelshein 2018, arXiv:1805.02867) in single precision. A group takes one unit of <see cref="AttentionTiles"/> and goes over its
/// cells in blocks: first lanes over cells, each the scores of its cell with four queries; then lanes over elements of the values, several cells at once where the
/// group has more lanes than a head has elements. Blocks are counted from cell 0 and a cell that a row does not see adds nothing to it, not even what is
/// not a number; so a row's result does not depend on the rows beside it.
/// </summary>
/// <remarks>
/// Bounds: cells are below <c>CachedLength + RowCount</c>, for which the page list has entries; pages of a list lie in the pool, heads and elements in the layer;
/// widths are at most <see cref="MaxWidth"/>, groups at most <see cref="GroupSum.MaxLanes"/> lanes. State, where it is used, is
/// <c>[split][row][query head][2 + value width]</c>: largest score, sum, accumulators.
/// </remarks>
internal static class AttentionCore
{
    /// <summary>Widest head of keys or values.</summary>
    public const int MaxWidth = 256;

    /// <summary>Cells of a block.</summary>
    public const int Cells = 128;

    private const int Lanes = GroupSum.MaxLanes;

    public static void Run<TKey, TValue>(AttentionWork a) where TKey : unmanaged, IKvFormat where TValue : unmanaged, IKvFormat
    {
        var queries = SharedMemory.Allocate<float>(4 * MaxWidth);
        var sums = SharedMemory.Allocate<float>(4 * MaxWidth);
        var scores = SharedMemory.Allocate<float>(4 * Cells);
        var reduced = SharedMemory.Allocate<float>(4 * Lanes);
        var places = SharedMemory.Allocate<int>(Cells);
        var ranges = SharedMemory.Allocate<int>(8);

        int lane = Group.IdxX, lanes = Group.DimX;
        // Lanes that go over the elements of one cell, and how many cells that are at once.
        var across = 1;
        while (across < lanes && across < a.Layer.ValueWidth) across <<= 1;
        int parts = lanes / across, part = lane / across, element = lane % across;
        // Parts side by side in the sums of a pair: parts · width ≤ 256, as only groups wider than a head have several.
        int width = a.Layer.ValueWidth, heads = a.Layer.Heads, queryHeads = heads * a.QueryHeadsPerHead;
        int tilesPerRow = AttentionTiles.PerRow(a.QueryHeadsPerHead), members = AttentionTiles.Members(a.QueryHeadsPerHead), tileRows = AttentionTiles.Rows(a.QueryHeadsPerHead);
        var units = AttentionTiles.Units(a.Rows, heads, a.QueryHeadsPerHead, a.Splits);

        for (var unit = Grid.IdxX; unit < units; unit += Grid.DimX)
        {
            int split = unit % a.Splits, head = unit / a.Splits % heads, tile = unit / a.Splits / heads % tilesPerRow, row = unit / a.Splits / heads / tilesPerRow;
            var entry = a.Step.RowSequences[row] * StepTables.SequenceWords;
            int firstRow = a.Step.Sequences[entry + StepTables.FirstRow], endRow = firstRow + a.Step.Sequences[entry + StepTables.RowCount];
            // The same for all lanes.
            if ((row - firstRow) % tileRows != 0) continue;
            var pairs = IntrinsicMath.Min(tileRows, endRow - row) * a.QueryHeadsPerHead - tile * members;
            if (pairs > members * tileRows) pairs = members * tileRows;
            var queryHead = head * a.QueryHeadsPerHead + tile * members;
            var pageList = a.Step.Sequences[entry + StepTables.FirstPage];

            for (var p = 0; p < 4; p++)
            {
                var from = Pair(row, queryHead, p, members, queryHeads) * a.Layer.KeyWidth;
                for (var e = lane; e < a.Layer.KeyWidth; e += lanes) queries[e * 4 + p] = p < pairs ? a.Query[from + e] : 0f;
            }
            // A pair that is not there looks where the first does, and is not written.
            for (var p = lane; p < 4; p += lanes) Range(a, entry, p < pairs ? row + p / members : row, ranges, p);
            Four top = Four.All(float.NegativeInfinity), total = Four.All(0f);
            for (var p = 0; p < 4; p++)
            {
                var state = StateAt(a, split, row, queryHead, p, members, queryHeads);
                var carried = a.First == 0 && p < pairs;
                if (carried) { top = With(top, p, a.State[state]); if (lane == 0) total = With(total, p, a.State[state + 1]); }
                for (var e = element; e < width; e += across) sums[p * MaxWidth + part * width + e] = carried && part == 0 ? a.State[state + 2 + e] : 0f;
            }
            Group.Barrier();
            int low = ranges[0], high = ranges[4], lastLow = low, firstHigh = high;
            for (var p = 1; p < 4; p++)
            {
                low = IntrinsicMath.Min(low, ranges[p]);
                lastLow = IntrinsicMath.Max(lastLow, ranges[p]);
                high = IntrinsicMath.Max(high, ranges[4 + p]);
                firstHigh = IntrinsicMath.Min(firstHigh, ranges[4 + p]);
            }

            // Blocks go round over the splits, so that which one takes a cell does not depend on the length.
            var block = low / Cells;
            block += (split + a.Splits - block % a.Splits) % a.Splits;
            for (; block * Cells < high; block += a.Splits)
            {
                int start = block * Cells, count = IntrinsicMath.Min(Cells, high - start), begin = IntrinsicMath.Max(0, low - start);
                if (a.Paged != 0 && !AnyHere(a, pageList, start + begin, start + count)) continue;

                var largest = top;
                for (var i = lane; i < count; i += lanes)
                {
                    var score = Four.All(float.NegativeInfinity);
                    var place = -1;
                    if (i >= begin)
                    {
                        place = a.Paged != 0 ? a.Step.Pages[pageList + (start + i >> a.Layer.PageShift)] - a.Layer.BufferIndex * a.Layer.PagesPerBuffer : firstRow + start + i;
                        if (a.Paged != 0 && (place < 0 || place >= a.Layer.PagesPerBuffer)) place = -1;
                    }
                    if (place >= 0) score = Scores<TKey>(a, queries, ranges, head, place, start + i);
                    places[i] = place;
                    scores[i] = score.A;
                    scores[Cells + i] = score.B;
                    scores[2 * Cells + i] = score.C;
                    scores[3 * Cells + i] = score.D;
                    largest = Four.Larger(largest, score);
                }
                largest = Largest(reduced, largest);
                // What was summed so far is for the old largest score.
                var factor = new Four(Weight(top.A, largest.A), Weight(top.B, largest.B), Weight(top.C, largest.C), Weight(top.D, largest.D));
                top = largest;
                total = new Four(total.A * factor.A, total.B * factor.B, total.C * factor.C, total.D * factor.D);
                for (var i = lane; i < count; i += lanes)
                {
                    var weight = new Four(Weight(scores[i], top.A), Weight(scores[Cells + i], top.B), Weight(scores[2 * Cells + i], top.C), Weight(scores[3 * Cells + i], top.D));
                    scores[i] = weight.A;
                    scores[Cells + i] = weight.B;
                    scores[2 * Cells + i] = weight.C;
                    scores[3 * Cells + i] = weight.D;
                    total = new Four(total.A + weight.A, total.B + weight.B, total.C + weight.C, total.D + weight.D);
                }
                Group.Barrier();

                // Where one row sees a cell and another does not, zero times what is not a number must stay zero.
                var mixed = lastLow > start + begin || firstHigh < start + count;
                for (var e = element; e < width; e += across)
                {
                    var at = part * width + e;
                    float s0 = sums[at] * factor.A, s1 = sums[MaxWidth + at] * factor.B, s2 = sums[2 * MaxWidth + at] * factor.C, s3 = sums[3 * MaxWidth + at] * factor.D;
                    // Cell i goes to part i mod parts, a power of two.
                    for (var i = begin + (part - begin & parts - 1); i < count; i += parts)
                    {
                        var place = places[i];
                        if (place < 0) continue;
                        var value = Value<TValue>(a, head, place, start + i, e);
                        float w0 = scores[i], w1 = scores[Cells + i], w2 = scores[2 * Cells + i], w3 = scores[3 * Cells + i];
                        if (mixed)
                        {
                            if (w0 != 0f) s0 += w0 * value;
                            if (w1 != 0f) s1 += w1 * value;
                            if (w2 != 0f) s2 += w2 * value;
                            if (w3 != 0f) s3 += w3 * value;
                        }
                        else
                        {
                            s0 += w0 * value;
                            s1 += w1 * value;
                            s2 += w2 * value;
                            s3 += w3 * value;
                        }
                    }
                    sums[at] = s0;
                    sums[MaxWidth + at] = s1;
                    sums[2 * MaxWidth + at] = s2;
                    sums[3 * MaxWidth + at] = s3;
                }
                // The next block overwrites scores and places.
                Group.Barrier();
            }

            total = Total(reduced, total);
            for (var p = 0; p < pairs; p++)
            {
                var state = StateAt(a, split, row, queryHead, p, members, queryHeads);
                var factor = 1f;
                if (a.Last != 0 && a.Splits == 1) factor = Share(Of(top, p), Of(total, p), a.HasSinks, a.HasSinks != 0 ? a.Sinks[queryHead + p % members] : 0f);
                else if (lane == 0) { a.State[state] = Of(top, p); a.State[state + 1] = Of(total, p); }
                var to = Pair(row, queryHead, p, members, queryHeads) * width;
                for (var e = lane; e < width; e += lanes)
                {
                    var sum = 0f;
                    for (var i = 0; i < parts; i++) sum += sums[p * MaxWidth + i * width + e];
                    if (a.Last != 0 && a.Splits == 1) a.Output[to + e] = factor == 0f ? 0f : sum * factor;
                    else a.State[state + 2 + e] = sum;
                }
            }
            // The next unit overwrites the sums.
            Group.Barrier();
        }
    }

    /// <summary>The factor that makes weighted sums an output: 1 / (total + what the sink takes), or 0 for a row that has seen nothing.</summary>
    public static float Share(float top, float total, int hasSink, float sink)
    {
        if (total == 0f) return 0f;
        if (hasSink == 0) return 1f / total;
        var largest = sink > top ? sink : top;
        return Weight(top, largest) / (total * Weight(top, largest) + Functions.Exp(sink - largest));
    }

    /// <summary>e^(score − largest), exactly 1 for the largest; 0 where nothing was seen, whatever the largest.</summary>
    public static float Weight(float score, float largest) => score == float.NegativeInfinity ? 0f : Functions.Exp(score - largest);

    /// <summary>Number of a pair among all [row][query head].</summary>
    private static long Pair(int row, int queryHead, int p, int members, int queryHeads) => (long)(row + p / members) * queryHeads + queryHead + p % members;

    private static long StateAt(AttentionWork a, int split, int row, int queryHead, int p, int members, int queryHeads)
        => ((long)split * a.Rows * queryHeads + Pair(row, queryHead, p, members, queryHeads)) * (a.Layer.ValueWidth + 2);

    /// <summary>The cells [low, high) that a row sees, into ranges[p] and ranges[4 + p]. In 64 bits: a window may be anything.</summary>
    private static void Range(AttentionWork a, int entry, int row, ArrayView<int> ranges, int p)
    {
        long cells = a.Step.Sequences[entry + StepTables.RowCount], first, position = a.Step.Positions[row];
        if (a.Paged != 0)
        {
            cells += a.Step.Sequences[entry + StepTables.CachedLength];
            first = a.Step.Sequences[entry + StepTables.FirstPosition];
        }
        else
        {
            first = a.Step.Positions[a.Step.Sequences[entry + StepTables.FirstRow]];
        }
        var high = cells;
        if (a.Causal != 0 && position - first + 1 < high) high = position - first + 1;
        if (high < 0) high = 0;
        long low = 0;
        if (a.Window != 0 && position - a.Window + 1 - first > 0) low = position - a.Window + 1 - first;
        if (low > high) low = high;
        ranges[p] = (int)low;
        ranges[4 + p] = (int)high;
    }

    /// <summary>Whether any of some cells lies in this buffer; the same in all lanes.</summary>
    private static bool AnyHere(AttentionWork a, int pageList, int cell, int end)
    {
        for (var page = cell >> a.Layer.PageShift; page <= end - 1 >> a.Layer.PageShift; page++)
        {
            var place = a.Step.Pages[pageList + page] - a.Layer.BufferIndex * a.Layer.PagesPerBuffer;
            if (place >= 0 && place < a.Layer.PagesPerBuffer) return true;
        }
        return false;
    }

    private static Four Scores<TKey>(AttentionWork a, ArrayView<float> queries, ArrayView<int> ranges, int head, int place, int cell) where TKey : unmanaged, IKvFormat
    {
        var format = default(TKey);
        var inPage = cell & (1 << a.Layer.PageShift) - 1;
        var half = inPage % format.PerWord;
        var stride = (1 << a.Layer.PageShift) / format.PerWord;
        var at = (long)place * a.Layer.PageWords + a.Layer.KeyOffset + head * a.Layer.KeyWidth * stride + inPage / format.PerWord;
        float s0 = 0f, s1 = 0f, s2 = 0f, s3 = 0f;
        for (var e = 0; e < a.Layer.KeyWidth; e++)
        {
            var key = format.Unpack(a.Keys[at], half);
            at += stride;
            s0 += queries[e * 4] * key;
            s1 += queries[e * 4 + 1] * key;
            s2 += queries[e * 4 + 2] * key;
            s3 += queries[e * 4 + 3] * key;
        }
        return new Four(Masked(a, ranges, 0, cell, s0), Masked(a, ranges, 1, cell, s1), Masked(a, ranges, 2, cell, s2), Masked(a, ranges, 3, cell, s3));
    }

    private static float Masked(AttentionWork a, ArrayView<int> ranges, int p, int cell, float product)
    {
        if (cell < ranges[p] || cell >= ranges[4 + p]) return float.NegativeInfinity;
        var score = product * a.Scale;
        return a.SoftCap == 0f ? score : a.SoftCap * Functions.Tanh(score / a.SoftCap);
    }

    private static float Value<TValue>(AttentionWork a, int head, int place, int cell, int element) where TValue : unmanaged, IKvFormat
    {
        var format = default(TValue);
        var row = (head << a.Layer.PageShift) + (cell & (1 << a.Layer.PageShift) - 1);
        // Rows are whole words.
        var at = (long)place * a.ValuePageWords + a.Layer.ValueOffset + row * (a.Layer.ValueStride / format.PerWord) + element / format.PerWord;
        return format.Unpack(a.Values[at], element % format.PerWord);
    }

    /// <summary>The largest of each over all lanes. Before <paramref name="shared"/> is used again all lanes must have passed a barrier.</summary>
    private static Four Largest(ArrayView<float> shared, Four x)
    {
        var lane = Group.IdxX;
        Put(shared, x);
        for (var stride = Group.DimX / 2; stride > 0; stride /= 2)
        {
            if (lane < stride)
                for (var p = 0; p < 4 * Lanes; p += Lanes) shared[p + lane] = Four.Larger(shared[p + lane], shared[p + lane + stride]);
            Group.Barrier();
        }
        return new Four(shared[0], shared[Lanes], shared[2 * Lanes], shared[3 * Lanes]);
    }

    /// <summary>The sum of each over all lanes; as <see cref="Largest"/>.</summary>
    private static Four Total(ArrayView<float> shared, Four x)
    {
        var lane = Group.IdxX;
        Put(shared, x);
        for (var stride = Group.DimX / 2; stride > 0; stride /= 2)
        {
            if (lane < stride)
                for (var p = 0; p < 4 * Lanes; p += Lanes) shared[p + lane] += shared[p + lane + stride];
            Group.Barrier();
        }
        return new Four(shared[0], shared[Lanes], shared[2 * Lanes], shared[3 * Lanes]);
    }

    private static void Put(ArrayView<float> shared, Four x)
    {
        var lane = Group.IdxX;
        shared[lane] = x.A;
        shared[Lanes + lane] = x.B;
        shared[2 * Lanes + lane] = x.C;
        shared[3 * Lanes + lane] = x.D;
        Group.Barrier();
    }

    private static float Of(Four x, int p) => p == 0 ? x.A : p == 1 ? x.B : p == 2 ? x.C : x.D;

    private static Four With(Four x, int p, float value) => new(p == 0 ? value : x.A, p == 1 ? value : x.B, p == 2 ? value : x.C, p == 3 ? value : x.D);
}
