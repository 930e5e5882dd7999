using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// Attention, whatever the keys come from. A chunk is a KV head and a few rows of a sequence, so that all query heads of the group and all those rows share
/// each block of keys and values. Blocks are counted from the first cell, so a row's arithmetic does not depend on the step it is computed in.
/// </summary>
internal abstract unsafe class AttentionPhase<T>(int heads, int groups, int keyWidth, int valueWidth, AttentionParameters parameters,
    Operand query, Operand sinks, Operand output) : Phase where T : unmanaged, ILanes<T>
{
    private const int Cells = AttentionBlock.Cells;
    private const int PairsPerChunk = 48, MaxRowsPerChunk = 16;

    private readonly int _rows = Math.Clamp(PairsPerChunk / groups, 1, MaxRowsPerChunk);
    private readonly int _padded = (valueWidth + 15) / 16 * 16;

    /// <summary>Rows of values in floats: a multiple of sixteen.</summary>
    protected int ValueStride => _padded;

    private long KeyBytes => (long)keyWidth * Cells * sizeof(float);
    private long ValueBytes => (long)_padded * Cells * sizeof(float);

    // Keys, values, then per query head of a chunk: scores, sums, maximum and total; and where each row's cells begin and end.
    public override long ScratchBytes => KeyBytes + ValueBytes + (long)_rows * groups * (Cells + _padded + 2) * sizeof(float) + _rows * 2 * sizeof(long) + 64;

    protected override long Chunks(StepState state, int workers)
    {
        long chunks = 0;
        for (var s = 0; s < state.SequenceCount; s++) chunks += ChunksOf(state.Sequences[s]);
        return chunks;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var sequence = state.Sequences;
        for (; chunk >= ChunksOf(*sequence); sequence++) chunk -= ChunksOf(*sequence);
        var (part, head) = Math.DivRem(chunk, heads);
        var first = (int)part * _rows;
        Attend(state, sequence, (int)head, first, Math.Min(_rows, sequence->RowCount - first), state.Scratch(worker));
    }

    /// <summary>The cells that a row of a sequence sees: [low, high), empty if it sees none.</summary>
    protected abstract (long Low, long High) CellsOf(StepState state, SequenceStep* sequence, int row);

    /// <summary>
    /// Brings 32 cells of a head: keys as [element][cell], values as [cell][stride], either in the scratch given or where they lie. Cells beyond
    /// <paramref name="count"/> need not be there.
    /// </summary>
    protected abstract void Load(StepState state, SequenceStep* sequence, int head, int block, int count, ref float* keys, ref float* values);

    private long ChunksOf(in SequenceStep sequence) => (sequence.RowCount + _rows - 1L) / _rows * heads;

    private void Attend(StepState state, SequenceStep* sequence, int head, int first, int rows, byte* scratch)
    {
        var pairs = rows * groups;
        float* keyScratch = (float*)scratch, valueScratch = (float*)(scratch + KeyBytes), scores = (float*)(scratch + KeyBytes + ValueBytes);
        float* sums = scores + (long)_rows * groups * Cells, totals = sums + (long)_rows * groups * _padded;
        var ranges = (long*)(((nint)(totals + 2L * _rows * groups) + 7) & ~7);
        long from = long.MaxValue, to = 0;
        for (var r = 0; r < rows; r++)
        {
            var (low, high) = CellsOf(state, sequence, first + r);
            ranges[2 * r] = low;
            ranges[2 * r + 1] = high;
            if (low >= high) continue;
            from = Math.Min(from, low);
            to = Math.Max(to, high);
        }
        new Span<float>(sums, pairs * _padded).Clear();
        for (var p = 0; p < pairs; p++) (totals[2 * p], totals[2 * p + 1]) = (float.NegativeInfinity, 0);

        var queryRow = (nint)heads * groups * keyWidth;
        var queries = state.Floats(query) + (nint)(sequence->FirstRow + first) * queryRow + (nint)head * groups * keyWidth;
        for (var block = from / Cells; block * Cells < to; block++)
        {
            float* keys = keyScratch, values = valueScratch;
            Load(state, sequence, head, (int)block, (int)Math.Min(Cells, to - block * Cells), ref keys, ref values);
            AddBlock(block * Cells, rows, queries, queryRow, keys, values, scores, sums, totals, ranges);
        }
        for (var p = 0; p < pairs; p++)
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
}
