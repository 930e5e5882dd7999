using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Attention among the rows of each sequence of the step; a block is 32 of them.</summary>
internal sealed unsafe class BatchAttentionPhase<T>(int heads, int groups, int keyWidth, int valueWidth, AttentionParameters parameters,
    Operand query, Operand key, Operand value, Operand output)
    : AttentionPhase<T>(heads, groups, keyWidth, valueWidth, parameters, splits: 0, segments: 0, query, Operand.None, output) where T : unmanaged, ILanes<T>
{
    private readonly AttentionParameters _parameters = parameters;
    private readonly int _heads = heads, _keyWidth = keyWidth, _valueWidth = valueWidth;

    protected override (long Low, long High) CellsOf(StepState state, SequenceStep* sequence, int row)
    {
        // Rows of a sequence are in order of their positions.
        int low = 0, high = sequence->RowCount;
        var positions = state.Positions + sequence->FirstRow;
        if (_parameters.Causal)
            while (high > 0 && positions[high - 1] > positions[row]) high--;
        if (_parameters.Window != 0)
            while (low < high && positions[low] <= positions[row] - _parameters.Window) low++;
        return (low, high);
    }

    protected override void Load(StepState state, SequenceStep* sequence, int head, int block, int count, ref float* keys, ref float* values)
    {
        var row = sequence->FirstRow + (nint)block * AttentionBlock.Cells;
        for (var cell = 0; cell < AttentionBlock.Cells; cell++)
        {
            var k = state.Floats(key) + ((row + cell) * _heads + head) * _keyWidth;
            for (var e = 0; e < _keyWidth; e++) keys[e * AttentionBlock.Cells + cell] = cell < count ? k[e] : 0;
            if (cell >= count) continue;
            var v = state.Floats(value) + ((row + cell) * _heads + head) * _valueWidth;
            for (var e = 0; e < ValueStride; e++) values[(nint)cell * ValueStride + e] = e < _valueWidth ? v[e] : 0;
        }
    }
}
