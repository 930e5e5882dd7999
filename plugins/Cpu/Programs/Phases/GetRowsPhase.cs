using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Dequantises chosen rows.</summary>
internal sealed unsafe class GetRowsPhase<T>(TensorType type, Operand table, nint rowBytes, int width, RowSource source, Extent rows, Operand output)
    : RowPhase(rows, width) where T : unmanaged, ILanes<T>
{
    public override void Rows(StepState state, long first, long end)
    {
        var numbers = source switch
        {
            RowSource.TokenIds => state.TokenIds,
            RowSource.Positions => state.Positions,
            _ => state.OutputRows,
        };
        // In bounds: the host has checked the numbers against the table.
        for (; first < end; first++)
            Dequantize.Row<T>(type, state.At(table) + numbers[first] * rowBytes, state.Floats(output) + first * width, width);
    }
}
