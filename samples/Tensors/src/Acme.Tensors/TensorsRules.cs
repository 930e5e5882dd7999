using Acme.Tensors.Kernels;
using Acme.Tensors.Memory;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Support;

namespace Acme.Tensors;

/// <summary>What the device runs, beyond what makes operands fit at all.</summary>
internal sealed class TensorsRules(TensorsBufferType type) : OperationRules
{
    // Spans count in 31 bits.
    private const long MostElements = int.MaxValue / 8;

    protected override string Name => "tensors";

    protected override int PageTokens => 32;

    protected override string? Place(GraphValue weight, IBufferType other)
        => other == type ? null : $"tensors reads weights in its own memory, not in {other.Name}.";

    protected override string? Matrix(GraphValue weight)
        => !WeightRow.Knows(weight.Type) ? $"tensors does not read {weight.Type} ({weight.Name}); it reads {string.Join(", ", WeightRow.Types)}."
            : weight.Shape.D0.Constant % weight.Type.BlockLength() != 0 ? $"Rows of {weight.Name} are no whole number of {weight.Type} blocks."
            : weight.Shape.D2 != (Dimension)1 || weight.Shape.D3 != (Dimension)1 ? $"{weight.Name} {weight.Shape} is no matrix."
            : null;

    protected override string? Limits(GraphValue value, in StepBounds bounds)
        => value.Shape.D0.Constant > MostElements || !value.IsWeight && value.Shape.Resolve(bounds).ElementCount > MostElements
            ? $"{value.Name} {value.Shape} has too many elements; tensors takes up to {MostElements} in a row or a value."
            : !value.IsWeight && type.AllocationSize(value.Resolve(bounds)) > type.MaxLength
                ? $"{value.Name} takes more than the {type.MaxLength} bytes of the largest allocation." : null;

    protected override string? Cache(in KvLayerSpec layer) => "tensors keeps no KV cache.";

    protected override string? Heads(long keyWidth, long valueWidth, long headsPerGroup) => "tensors has no attention.";

    protected override string? Kernel(Operation operation, in StepBounds bounds) => operation switch
    {
        GetRows or MatMul or RmsNorm or Scale => null,
        Gated o => o is { Function: Activation.Silu, Limit: 0 } ? null : $"tensors has the gate with {Activation.Silu} and without a limit only.",
        Add o => Pair(o.Left, o.Right),
        Mul o => Pair(o.Left, o.Right),
        _ => $"tensors has no {operation.GetType().Name}.",
    };

    private static string? Pair(GraphValue left, GraphValue right)
        => right.Shape == left.Shape || right.Shape == new SymbolicShape(left.Shape.D0) ? null
            : $"tensors repeats a single row only, and {right.Name} is {right.Shape} beside {left.Shape}.";
}
