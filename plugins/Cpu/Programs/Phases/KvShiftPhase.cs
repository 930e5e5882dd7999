using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Rotates cached keys to other positions. The magnitude is in the keys already. Rare, so written for clarity.</summary>
internal sealed unsafe class KvShiftPhase<T>(CpuKvLayer layer, RopeStyle style, double[] frequencies) : Phase where T : unmanaged, ILanes<T>
{
    protected override long Chunks(StepState state, int workers)
    {
        long pages = 0;
        for (var s = 0; s < state.SequenceCount; s++) pages += PagesOf(state.Sequences[s].CachedLength);
        return pages;
    }

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var sequence = state.Sequences;
        for (; chunk >= PagesOf(sequence->CachedLength); sequence++) chunk -= PagesOf(sequence->CachedLength);
        if (sequence->PositionShift == 0) return;
        var cells = Math.Min(CpuKvLayout.PageTokens, sequence->CachedLength - (int)chunk * CpuKvLayout.PageTokens);
        Shift(state.Page(sequence->FirstPage + (int)chunk), cells, sequence->PositionShift);
    }

    private static int PagesOf(int cells) => (cells + CpuKvLayout.PageTokens - 1) / CpuKvLayout.PageTokens;

    private void Shift(byte* page, int cells, int shift)
    {
        if (KvBlocks.IsBlockType(layer.Spec.KeyType))
        {
            ShiftBlocks(page, cells, shift);
            return;
        }
        for (var head = 0; head < layer.Spec.Heads; head++)
            for (var i = 0; i < frequencies.Length; i++)
            {
                var (sin, cos) = Math.SinCos(shift * frequencies[i]);
                var (first, second) = style == RopeStyle.Halves ? (i, i + frequencies.Length) : (2 * i, 2 * i + 1);
                var place = page + layer.KeyOffset(head);
                for (var cell = 0; cell < cells; cell++)
                {
                    int p = first * CpuKvLayout.PageTokens + cell, q = second * CpuKvLayout.PageTokens + cell;
                    float a = Get(place, p), b = Get(place, q);
                    Set(place, p, a * (float)cos - b * (float)sin);
                    Set(place, q, a * (float)sin + b * (float)cos);
                }
            }
    }

    private void ShiftBlocks(byte* page, int cells, int shift)
    {
        var (type, width) = (layer.Spec.KeyType, layer.Spec.KeyWidth);
        var blocks = stackalloc byte[(int)type.RowBytes(width)];
        var row = stackalloc float[width];
        for (var head = 0; head < layer.Spec.Heads; head++)
            for (var cell = 0; cell < cells; cell++)
            {
                KvBlocks.TakeKeys(type, page + layer.KeyOffset(head), cell, blocks, width);
                KvBlocks.Read<T>(type, blocks, row, width);
                for (var i = 0; i < frequencies.Length; i++)
                {
                    var (sin, cos) = Math.SinCos(shift * frequencies[i]);
                    var (first, second) = style == RopeStyle.Halves ? (i, i + frequencies.Length) : (2 * i, 2 * i + 1);
                    float a = row[first], b = row[second];
                    row[first] = a * (float)cos - b * (float)sin;
                    row[second] = a * (float)sin + b * (float)cos;
                }
                KvBlocks.Write<T>(type, row, blocks, width);
                KvBlocks.PutKeys(type, page + layer.KeyOffset(head), cell, blocks, width);
            }
    }

    private float Get(byte* place, int i) => layer.Spec.KeyType switch
    {
        TensorType.F32 => ((float*)place)[i],
        TensorType.F16 => Halves.One(place + 2 * i),
        _ => BitConverter.Int32BitsToSingle(((ushort*)place)[i] << 16),
    };

    private void Set(byte* place, int i, float value)
    {
        switch (layer.Spec.KeyType)
        {
            case TensorType.F32: ((float*)place)[i] = value; break;
            case TensorType.F16: FloatRows.ToHalf<T>(&value, (ushort*)place + i, 1); break;
            default: FloatRows.ToBFloat<T>(&value, (ushort*)place + i, 1); break;
        }
    }
}
