using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Support;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.KvCache;

namespace Hotplug.Cpu;

/// <summary>What the processor can run.</summary>
internal sealed class CpuRules : OperationRules
{
    private const long LongestRow = int.MaxValue / 8;

    public static CpuRules Instance { get; } = new();

    protected override string Name => "cpu";

    protected override int PageTokens => CpuKvLayout.PageTokens;

    protected override string? Place(GraphValue weight, IBufferType type)
        => type.Traits is { HostVisible: true, StandardLayout: true } ? null : $"cpu reads weights in host memory in the standard layout; {type.Name} is not that.";

    protected override string? Matrix(GraphValue weight)
        => !MatrixKernel.Knows(weight.Type) ? $"cpu has no kernel for {weight.Type} ({weight.Name})."
            : weight.Shape.D0.Constant % weight.Type.BlockLength() != 0 ? $"Rows of {weight.Name} are no whole number of {weight.Type} blocks."
            : weight.Shape.D0.Constant == 0 ? $"Rows of {weight.Name} are empty."
            : null;

    protected override string? Limits(GraphValue value, in StepBounds bounds)
        => value.Shape.D0.Constant > LongestRow ? $"A row of {value.Name} has {value.Shape.D0.Constant} elements; cpu takes up to {LongestRow}." : null;

    protected override string? Cache(in KvLayerSpec layer) => CpuKvLayout.Refusal(layer);

    protected override string? Heads(long keyWidth, long valueWidth, long headsPerGroup) => null;
}
