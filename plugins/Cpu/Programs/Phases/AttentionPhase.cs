using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// Attention, whatever the keys come from. A chunk is a KV head and a few rows of a sequence, so that all query heads of the group and all those rows share
/// each block of keys and values. Blocks are counted from the first cell and segments from position 0, so a row's arithmetic does not depend on the step it is computed in.
/// <para>A segment of 512 cells is accumulated by itself and then joined with those before it. So where chunks are few, as with one token of one sequence, a chunk is a segment of a head
/// (the split over keys of Flash-Decoding, Dao et al. 2023), and whoever finishes the last one of a head joins them, in the same order.</para>
/// </summary>
internal abstract unsafe class AttentionPhase<T>(int heads, int groups, int keyWidth, int valueWidth, AttentionParameters parameters, int splits, int segments,
    Operand query, Operand sinks, Operand output) : Phase where T : unmanaged, ILanes<T>
{
    private const int Cells = AttentionBlock.Cells, SegmentCells = 512;
    private const int PairsPerChunk = 48, MaxRowsPerChunk = 16;
    // Below so many chunks for each worker the last ones are waited for.
    private const int EnoughChunks = 4;

    private readonly int _rows = Math.Clamp(PairsPerChunk / groups, 1, MaxRowsPerChunk);
    private readonly int _padded = (valueWidth + 15) / 16 * 16;
    // Segments finished, of each head of the sequences that may be split.
    private readonly int[] _finished = new int[splits * heads];

    /// <summary>Rows of values in floats: a multiple of sixteen.</summary>
    protected int ValueStride => _padded;

    private int Groups => groups;
    private long KeyBytes => (long)keyWidth * Cells * sizeof(float);
    private long ValueBytes => (long)_padded * Cells * sizeof(float);
    // Of one row and head: sums and (maximum, total) of each query head of the group, in whole cache lines.
    private long SegmentFloats => ((long)groups * (_padded + 2) + 15) / 16 * 16;

    // Keys, values, then per query head of a chunk: scores, sums with maximum and total, and those of a segment; and where each row's cells begin and end.
    public override long ScratchBytes => KeyBytes + ValueBytes + (long)_rows * groups * (Cells + 2 * (_padded + 2)) * sizeof(float) + _rows * 2 * sizeof(long) + 64;

    // What segments come to.
    public override long SharedBytes => (long)splits * heads * segments * SegmentFloats * sizeof(float);

    public override void Reset()
    {
        base.Reset();
        Array.Clear(_finished);
    }

    protected override long Chunks(StepState state, int workers)
    {
        long chunks = 0;
        for (var s = 0; s < state.SequenceCount; s++) chunks += ChunksOf(state, state.Sequences + s);
        return chunks;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var sequence = state.Sequences;
        for (long chunks; chunk >= (chunks = ChunksOf(state, sequence)); sequence++) chunk -= chunks;
        var (part, head) = Math.DivRem(chunk, heads);
        if (IsSplit(state, sequence, out var range)) AttendSegment(state, sequence, (int)head, range, range.Low + (int)part, state.Scratch(worker));
        else Attend(state, sequence, (int)head, (int)part * _rows, (int)Math.Min(_rows, sequence->RowCount - part * _rows), state.Scratch(worker));
    }

    /// <summary>Of the sequences of a step, how many may be split, by what the slice may have and the workers there are.</summary>
    public static int SplitSequences(StepBounds bounds, int heads, int workers)
        => workers == 1 || bounds.Context <= SegmentCells ? 0 : Math.Min(bounds.Sequences, (EnoughChunks * workers - 1) / heads);

    /// <summary>The most segments that a sequence lies in.</summary>
    public static int Segments(StepBounds bounds) => (bounds.Context + SegmentCells - 1) / SegmentCells + 1;

    /// <summary>The cells that a row of a sequence sees: [low, high), empty if it sees none.</summary>
    protected abstract (long Low, long High) CellsOf(StepState state, SequenceStep* sequence, int row);

    /// <summary>
    /// Brings 32 cells of a head: keys as [element][cell], values as [cell][stride], either in the scratch given or where they lie. Cells beyond
    /// <paramref name="count"/> need not be there.
    /// </summary>
    protected abstract void Load(StepState state, SequenceStep* sequence, int head, int block, int count, ref float* keys, ref float* values);

    private long ChunksOf(StepState state, SequenceStep* sequence)
        => (IsSplit(state, sequence, out var range) ? range.High - range.Low : (sequence->RowCount + _rows - 1L) / _rows) * heads;

    // Steps of few sequences are split, those of them that have one row with cells in several segments: range is that of its segments.
    private bool IsSplit(StepState state, SequenceStep* sequence, out (int Low, int High) range)
    {
        range = default;
        if (state.SequenceCount > splits || sequence->RowCount != 1) return false;
        var (low, high) = CellsOf(state, sequence, 0);
        if (low >= high) return false;
        var shift = Shift(sequence);
        range = ((int)((low + shift) / SegmentCells), (int)((high + shift + SegmentCells - 1) / SegmentCells));
        return range.High - range.Low > 1 && range.High - range.Low <= segments;
    }

    // Cells of the first segment that lie before the first cell: segments begin at multiples of their length among positions, so that a cache that has lost its oldest pages has the same ones.
    private static long Shift(SequenceStep* sequence) => sequence->FirstPosition % SegmentCells / Cells * Cells;

    private void Attend(StepState state, SequenceStep* sequence, int head, int first, int rows, byte* scratch)
    {
        var pairs = rows * groups;
        var s = new Scratch(this, scratch);
        long from = long.MaxValue, to = 0;
        for (var r = 0; r < rows; r++)
        {
            var (low, high) = CellsOf(state, sequence, first + r);
            s.Ranges[2 * r] = low;
            s.Ranges[2 * r + 1] = high;
            if (low >= high) continue;
            from = Math.Min(from, low);
            to = Math.Max(to, high);
        }
        Clear(s.Sums, s.Totals, pairs);
        var shift = Shift(sequence);
        for (long low = from, high; low < to; low = high)
        {
            high = Math.Min(to, ((low + shift) / SegmentCells + 1) * SegmentCells - shift);
            if (low == from)
            {
                Accumulate(state, sequence, head, first, rows, low, high, s, s.Sums, s.Totals);
                continue;
            }
            Clear(s.SegmentSums, s.SegmentTotals, pairs);
            Accumulate(state, sequence, head, first, rows, low, high, s, s.SegmentSums, s.SegmentTotals);
            Join(s.Sums, s.Totals, s.SegmentSums, s.SegmentTotals, pairs);
        }
        Finish(state, sequence, head, first, rows, s.Sums, s.Totals);
    }

    private void AttendSegment(StepState state, SequenceStep* sequence, int head, (int Low, int High) range, int segment, byte* scratch)
    {
        var s = new Scratch(this, scratch);
        (s.Ranges[0], s.Ranges[1]) = CellsOf(state, sequence, 0);
        var place = (sequence - state.Sequences) * heads + head;
        var sums = state.Shared + (nint)place * segments * (nint)SegmentFloats;
        float* Sums(int number) => sums + (number - range.Low) * (nint)SegmentFloats;
        float* Totals(int number) => Sums(number) + groups * _padded;
        Clear(Sums(segment), Totals(segment), groups);
        var start = (long)segment * SegmentCells - Shift(sequence);
        Accumulate(state, sequence, head, 0, 1, Math.Max(s.Ranges[0], start), Math.Min(s.Ranges[1], start + SegmentCells), s, Sums(segment), Totals(segment));
        // Whoever comes last sees what the others wrote.
        if (Interlocked.Increment(ref _finished[place]) != range.High - range.Low) return;
        for (var other = range.Low + 1; other < range.High; other++) Join(sums, Totals(range.Low), Sums(other), Totals(other), groups);
        Finish(state, sequence, head, 0, 1, sums, Totals(range.Low));
    }

    // Cells [from, to) of one segment, for rows of a sequence whose own ranges are in the scratch.
    private void Accumulate(StepState state, SequenceStep* sequence, int head, int first, int rows, long from, long to, in Scratch scratch, float* sums, float* totals)
    {
        var queryRow = (nint)heads * groups * keyWidth;
        var queries = state.Floats(query) + (nint)(sequence->FirstRow + first) * queryRow + (nint)head * groups * keyWidth;
        for (var block = from / Cells; block * Cells < to; block++)
        {
            float* keys = scratch.Keys, values = scratch.Values;
            Load(state, sequence, head, (int)block, (int)Math.Min(Cells, to - block * Cells), ref keys, ref values);
            AddBlock(block * Cells, rows, queries, queryRow, keys, values, scratch.Scores, sums, totals, scratch.Ranges);
        }
    }

    private void Clear(float* sums, float* totals, int pairs)
    {
        new Span<float>(sums, pairs * _padded).Clear();
        for (var p = 0; p < pairs; p++) (totals[2 * p], totals[2 * p + 1]) = (float.NegativeInfinity, 0);
    }

    private void Join(float* sums, float* totals, float* otherSums, float* otherTotals, int pairs)
    {
        for (var p = 0; p < pairs; p++) AttentionBlock.Join<T>(totals + 2 * p, sums + p * _padded, otherTotals + 2 * p, otherSums + p * _padded, _padded);
    }

    private void Finish(StepState state, SequenceStep* sequence, int head, int first, int rows, float* sums, float* totals)
    {
        for (var p = 0; p < rows * groups; p++)
        {
            var (row, member) = Math.DivRem(p, groups);
            var queryHead = head * groups + member;
            var y = state.Floats(output) + ((nint)(sequence->FirstRow + first + row) * heads * groups + queryHead) * valueWidth;
            Finish(sums + p * _padded, totals + 2 * p, sinks == Operand.None ? null : state.Floats(sinks) + queryHead, y);
        }
    }

    private void AddBlock(long start, int rows, float* queries, nint queryRow, float* keys, float* values, float* scores, float* sums, float* totals, long* ranges)
    {
        var pairs = rows * groups;
        // By as many as the registers hold: the loads of the block are shared.
        var most = T.IsWide ? 4 : 2;
        for (var p = 0; p < pairs;)
        {
            var count = p + most <= pairs ? most : 1;
            float* Query(int pair) => queries + pair / groups * queryRow + pair % groups * keyWidth;
            if (count == 4) AttentionBlock.FourScores<T>(keys, keyWidth, Query(p), Query(p + 1), Query(p + 2), Query(p + 3), scores + p * Cells);
            else if (count == 2) AttentionBlock.TwoScores<T>(keys, keyWidth, Query(p), Query(p + 1), scores + p * Cells);
            else AttentionBlock.OneScores<T>(keys, keyWidth, Query(p), scores + p * Cells);
            // Which of them have something to add.
            var weighing = 0;
            var together = count != 1;
            var (low, high) = Clip(ranges, p / groups, start);
            for (var i = p; i < p + count; i++)
            {
                var (l, h) = Clip(ranges, i / groups, start);
                var weighs = l < h && AttentionBlock.Weigh<T>(scores + i * Cells, l, h, parameters.Scale, parameters.SoftCap, totals + 2 * i, sums + i * _padded, _padded);
                if (weighs) weighing |= 1 << (i - p);
                together &= weighs && l == low && h == high;
            }
            if (together)
            {
                if (count == 4) AttentionBlock.FourSums<T>(values, _padded, low, high, scores + p * Cells, sums + p * _padded, _padded);
                else AttentionBlock.TwoSums<T>(values, _padded, low, high, scores + p * Cells, sums + p * _padded, _padded);
            }
            else
            {
                for (var i = p; i < p + count; i++)
                {
                    if ((weighing >> (i - p) & 1) == 0) continue;
                    var (l, h) = Clip(ranges, i / groups, start);
                    AttentionBlock.OneSum<T>(values, _padded, l, h, scores + i * Cells, sums + i * _padded);
                }
            }
            p += count;
        }
    }

    private static (int Low, int High) Clip(long* ranges, int row, long start)
        => ((int)Math.Clamp(ranges[2 * row] - start, 0, Cells), (int)Math.Clamp(ranges[2 * row + 1] - start, 0, Cells));

    private void Finish(float* sum, float* total, float* sink, float* y)
    {
        var divisor = total[1];
        var factor = 1f;
        if (sink != null && divisor != 0)
        {
            var top = MathF.Max(total[0], *sink);
            factor = MathF.Exp(total[0] - top);
            divisor = divisor * factor + MathF.Exp(*sink - top);
        }
        // A row that sees nothing has nothing to divide.
        factor = total[1] == 0 ? 0 : factor / divisor;
        for (var e = 0; e < valueWidth; e++) y[e] = sum[e] * factor;
    }

    // The parts of a worker's scratch.
    private readonly ref struct Scratch
    {
        public readonly float* Keys, Values, Scores, Sums, Totals, SegmentSums, SegmentTotals;
        public readonly long* Ranges;

        public Scratch(AttentionPhase<T> phase, byte* scratch)
        {
            var pairs = (long)phase._rows * phase.Groups;
            Keys = (float*)scratch;
            Values = (float*)(scratch + phase.KeyBytes);
            Scores = (float*)(scratch + phase.KeyBytes + phase.ValueBytes);
            Sums = Scores + pairs * Cells;
            SegmentSums = Sums + pairs * phase._padded;
            Totals = SegmentSums + pairs * phase._padded;
            SegmentTotals = Totals + 2 * pairs;
            Ranges = (long*)(((nint)(SegmentTotals + 2 * pairs) + 7) & ~7);
        }
    }
}
