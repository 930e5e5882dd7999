using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.Reference.Execution;

/// <summary>What an operation sees while it runs: its operands, the step, the cache and scratch that grows once and stays.</summary>
internal sealed class OperationContext(IReadOnlyDictionary<GraphValue, ReferenceOperand> operands)
{
    private readonly double[][] _scratch = [[], [], [], []];

    public ReferenceStep Step { get; set; }

    public IReferenceKvCache? Cache { get; set; }

    public ReferenceOperand Operand(GraphValue value) => operands[value];

    public ReferenceValue Value(GraphValue value) => (ReferenceValue)operands[value];

    public IReferenceKvCache RequireCache(int layer)
        => Cache ?? throw new InvalidOperationException($"The operation works on layer {layer} of a KV cache, and the step has none.");

    /// <summary>Scratch number <paramref name="slot"/> (0 to 3); content undefined.</summary>
    public Span<double> Scratch(int slot, long length)
    {
        // By half more than asked, since a context grows by one cell a step.
        if (_scratch[slot].Length < length) _scratch[slot] = new double[length + length / 2];
        return _scratch[slot].AsSpan(0, (int)length);
    }

    /// <summary>The one row of an optional vector weight, in scratch <paramref name="slot"/>, or empty if absent.</summary>
    public ReadOnlySpan<double> Vector(GraphValue? value, int slot)
        => value is null ? [] : Operand(value).Row(0, Scratch(slot, Operand(value).Shape.D0));

    /// <summary>The page and the cell in it of a sequence's cell.</summary>
    public (int Page, int Cell) Locate(in SequenceStep sequence, int cell)
    {
        var tokens = Cache!.Spec.PageTokens;
        return (Step.Pages.Span[sequence.FirstPage + cell / tokens], cell % tokens);
    }
}
