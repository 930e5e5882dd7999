using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Memory;

namespace Hotplug.Metal.Programs;

/// <summary>The step that is being recorded: its roots and its table. Lives on the device's thread.</summary>
internal sealed class MetalStep(MetalPlan plan, Binding?[] weights)
{
    private readonly PlacedBuffer?[] _workspace = new PlacedBuffer?[plan.WorkspaceBlocks.Count];
    private readonly Binding?[] _inputs = new Binding?[plan.Slice.Inputs.Count];
    private readonly Binding?[] _outputs = new Binding?[plan.Slice.Outputs.Count];
    private StepTable? _table;

    /// <summary>Numbers of the symbols.</summary>
    public StepBounds Extents { get; private set; }

    /// <summary>The pages, if the slice touches a cache.</summary>
    public KvPool? Pool { get; private set; }

    /// <summary>Cells that the longest sequence has with this step.</summary>
    public int MostCells => _table!.MostCells;

    /// <summary>The block of the workspace that the table lies in.</summary>
    public PlacedBuffer TableBlock => _workspace[plan.Layout.Table.Index]!;

    /// <summary>Binds a step.</summary>
    public void Begin(StepWork work)
    {
        for (var i = 0; i < _workspace.Length; i++) _workspace[i] = (PlacedBuffer)work.Workspace[i];
        for (var i = 0; i < _inputs.Length; i++) _inputs[i] = Bound(work.Inputs[i]);
        for (var i = 0; i < _outputs.Length; i++) _outputs[i] = Bound(work.Outputs[i]);
        (_table, Extents, Pool) = (work.Table, work.Table.Extents, work.Pool);
    }

    /// <summary>Forgets the step, so that its buffers are not kept alive.</summary>
    public void End()
    {
        Array.Clear(_workspace);
        Array.Clear(_inputs);
        Array.Clear(_outputs);
        (_table, Pool) = (null, null);
    }

    /// <summary>What a kernel gets for an operand.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="poolBuffer">Which buffer of the pool, for operands of it.</param>
    public Binding this[in Operand operand, int poolBuffer = 0] => operand.Kind switch
    {
        OperandKind.Value => Value(operand.Place),
        OperandKind.Pool => Of((PlacedBuffer)Pool!.Buffers[poolBuffer], 0) ?? Words(0),
        OperandKind.TokenIds => Words(_table!.TokenIds),
        OperandKind.Positions => Words(_table!.Positions),
        OperandKind.OutputRows => Words(_table!.OutputRows),
        OperandKind.RowSequences => Words(_table!.RowSequences),
        OperandKind.Pages => Words(_table!.Pages),
        OperandKind.Rotation => Words(_table!.Rotation(operand.Index)),
        OperandKind.Shift => Words(_table!.Shift(operand.Index)),
        // The sequences stand first; and what no kernel reads is bound to something that is always there.
        _ => Words(0),
    };

    /// <summary>What a weight is bound to; null if it is empty.</summary>
    public static Binding? Bound(in TensorRef tensor) => tensor.Spec.ByteLength == 0 ? null : Of((PlacedBuffer)tensor.Buffer, (long)tensor.Offset);

    // Offsets and lengths are the planner's, which the host has checked against the buffers.
    private Binding Value(Place place)
    {
        var root = place.Root switch
        {
            PlaceRoot.Workspace => Of(_workspace[place.Index]!, 0),
            PlaceRoot.Input => _inputs[place.Index],
            PlaceRoot.Output => _outputs[place.Index],
            _ => weights[place.Index],
        };
        return place.Length == 0 || root is not { } bound ? Words(0) : bound with { Offset = bound.Offset + (ulong)place.Offset };
    }

    // A list may be empty and stand at the very end of the table; what is bound must have a byte.
    private Binding Words(int first)
    {
        var place = plan.Layout.Table;
        return Of(TableBlock, place.Offset + Math.Min(sizeof(int) * (long)first, place.Length - sizeof(int)))!.Value;
    }

    private static Binding? Of(PlacedBuffer buffer, long offset) => buffer.Memory is { } memory ? new(memory, (ulong)offset) : null;
}
