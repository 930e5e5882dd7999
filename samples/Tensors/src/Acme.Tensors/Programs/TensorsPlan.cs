using Acme.Tensors.Memory;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;

namespace Acme.Tensors.Programs;

/// <summary>A slice with places for its values, and for a row of floats per worker beside each product.</summary>
internal sealed class TensorsPlan : SlicePlan
{
    private TensorsPlan(TensorsDevice device, ProgramLayout layout, TensorsBufferType type) : base(layout.Slice, type, layout.WorkspaceBlocks)
        => (Device, Layout) = (device, layout);

    public TensorsDevice Device { get; }

    public ProgramLayout Layout { get; }

    public static TensorsPlan Make(TensorsDevice device, GraphSlice slice, TensorsBufferType type)
    {
        var workers = device.Workers.Count;
        return new TensorsPlan(device, ProgramPlanner.Plan(slice, new ProgramRules
        {
            LargestBlock = (long)type.MaxLength,
            QuantizedRowBytes = null,
            ScratchBytes = (operation, _) => operation is MatMul o && o.Weight.Type != TensorType.F32 ? ScratchRow(o) * sizeof(float) * workers : 0,
        }), type);
    }

    /// <summary>Floats of one worker's scratch: a row, rounded up so that workers share no cache line.</summary>
    public static long ScratchRow(MatMul operation) => (operation.Weight.Shape.D0.Constant + 15) & ~15L;
}
