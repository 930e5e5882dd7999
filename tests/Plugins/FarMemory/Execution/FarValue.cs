using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.FarMemory.Execution;

/// <summary>A value of the slice in the workspace, as 64-bit numbers rounded to 32 bits.</summary>
internal sealed class FarValue(TensorType type, TensorShape bound, FarArena arena, FarSlot slot) : ReferenceValue(type, bound)
{
    public override Span<double> Row(long row)
    {
        var (block, offset) = slot.Runs[(int)(row / slot.RunRows)];
        var bytes = arena.Blocks[block].AsSpan(offset + (int)(row % slot.RunRows) * slot.RowBytes, (int)Shape.D0 * sizeof(double));
        return MemoryMarshal.Cast<byte, double>(bytes);
    }
}
