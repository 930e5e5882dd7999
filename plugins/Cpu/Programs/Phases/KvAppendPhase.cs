using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Stores keys and values of the step in their pages.</summary>
internal sealed unsafe class KvAppendPhase<T>(CpuKvLayer layer, Operand key, Operand value)
    : RowPhase(new Extent(1, 1, 0, 0), (long)layer.Spec.Heads * (layer.Spec.KeyWidth + layer.Spec.ValueWidth)) where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        var spec = layer.Spec;
        for (; first < end; first++)
        {
            var sequence = state.SequenceOf((int)first);
            var cell = sequence->CachedLength + (int)first - sequence->FirstRow;
            var page = state.Page(sequence->FirstPage + cell / CpuKvLayout.PageTokens);
            cell %= CpuKvLayout.PageTokens;
            float* k = state.Floats(key) + first * spec.Heads * spec.KeyWidth, v = state.Floats(value) + first * spec.Heads * spec.ValueWidth;
            for (var head = 0; head < spec.Heads; head++, k += spec.KeyWidth, v += spec.ValueWidth)
            {
                StoreKeys(page + layer.KeyOffset(head), cell, k);
                var row = page + layer.ValueOffset(head) + cell * layer.ValueRowBytes;
                Store(spec.ValueType, v, row, spec.ValueWidth);
            }
        }
    }

    private void StoreKeys(byte* place, int cell, float* k)
    {
        var width = layer.Spec.KeyWidth;
        if (layer.Spec.KeyType == TensorType.F32)
        {
            var cells = (float*)place + cell;
            for (var e = 0; e < width; e++) cells[e * CpuKvLayout.PageTokens] = k[e];
            return;
        }
        if (KvBlocks.IsBlockType(layer.Spec.KeyType))
        {
            var blocks = stackalloc byte[(int)layer.Spec.KeyType.RowBytes(width)];
            KvBlocks.Write<T>(layer.Spec.KeyType, k, blocks, width);
            KvBlocks.PutKeys(layer.Spec.KeyType, place, cell, blocks, width);
            return;
        }
        var halves = stackalloc ushort[64];
        var target = (ushort*)place + cell;
        for (var e = 0; e < width; e += 64)
        {
            var count = Math.Min(64, width - e);
            Store(layer.Spec.KeyType, k + e, (byte*)halves, count);
            for (var i = 0; i < count; i++) target[(e + i) * CpuKvLayout.PageTokens] = halves[i];
        }
    }

    private static void Store(TensorType type, float* x, byte* y, int count)
    {
        switch (type)
        {
            case TensorType.F32: Buffer.MemoryCopy(x, y, count * 4L, count * 4L); break;
            case TensorType.Q8_0 or TensorType.Q4_0: KvBlocks.Write<T>(type, x, y, count); break;
            case TensorType.F16: FloatRows.ToHalf<T>(x, (ushort*)y, count); break;
            default: FloatRows.ToBFloat<T>(x, (ushort*)y, count); break;
        }
    }
}
