using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Attention over the pages of the KV cache; a block is a page.</summary>
internal sealed unsafe class CachedAttentionPhase<T>(CpuKvLayer layer, int groups, AttentionParameters parameters, StepBounds bounds, int workers, Operand query, Operand sinks, Operand output)
    : AttentionPhase<T>(layer.Spec.Heads, groups, layer.Spec.KeyWidth, layer.Spec.ValueWidth, parameters, SplitSequences(bounds, layer.Spec.Heads, workers), Segments(bounds), query, sinks, output) where T : unmanaged, ILanes<T>
{
    private readonly AttentionParameters _parameters = parameters;

    protected override (long Low, long High) CellsOf(StepState state, SequenceStep* sequence, int row)
    {
        long position = state.Positions[sequence->FirstRow + row], first = sequence->FirstPosition;
        var high = (long)sequence->CachedLength + sequence->RowCount;
        if (_parameters.Causal) high = Math.Min(high, position - first + 1);
        var low = _parameters.Window == 0 ? 0 : Math.Max(0, position - _parameters.Window + 1 - first);
        return (low, high);
    }

    protected override void Load(StepState state, SequenceStep* sequence, int head, int block, int count, ref float* keys, ref float* values)
    {
        var page = state.Page(sequence->FirstPage + block);
        var spec = layer.Spec;
        if (KvBlocks.IsBlockType(spec.KeyType)) KvBlocks.ReadKeys<T>(spec.KeyType, page + layer.KeyOffset(head), keys, spec.KeyWidth);
        else Convert(spec.KeyType, page + layer.KeyOffset(head), ref keys, spec.KeyWidth * CpuKvLayout.PageTokens);
        Convert(spec.ValueType, page + layer.ValueOffset(head), ref values, layer.ValueStride * count);
    }

    private static void Convert(TensorType type, byte* stored, ref float* floats, int count)
    {
        switch (type)
        {
            case TensorType.F32: floats = (float*)stored; break;
            case TensorType.Q8_0 or TensorType.Q4_0: KvBlocks.Read<T>(type, stored, floats, count); break;
            case TensorType.F16: FloatRows.FromHalf<T>((ushort*)stored, floats, count); break;
            default: FloatRows.FromBFloat<T>((ushort*)stored, floats, count); break;
        }
    }
}
