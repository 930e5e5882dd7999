using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.Gpu.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Programs;

/// <summary>The step that is being launched: its roots and its table. Lives on the device's thread.</summary>
internal sealed class GpuStep(GpuPlan plan, ArrayView<byte>[] weights)
{
    private readonly ArrayView<byte>[] _workspace = new ArrayView<byte>[plan.WorkspaceBlocks.Count];
    private readonly ArrayView<byte>[] _inputs = new ArrayView<byte>[plan.Slice.Inputs.Count];
    private readonly ArrayView<byte>[] _outputs = new ArrayView<byte>[plan.Slice.Outputs.Count];
    private ArrayView<int> _words;
    private StepTable? _table;

    /// <summary>Numbers of the symbols.</summary>
    public StepBounds Extents { get; private set; }

    /// <summary>The pages, if the slice touches a cache.</summary>
    public KvPool? Pool { get; private set; }

    /// <summary>Where the table lies on the device.</summary>
    public ArrayView<byte> TableMemory => View(plan.Layout.Table);

    /// <summary>Binds a step.</summary>
    public void Begin(StepWork work)
    {
        for (var i = 0; i < _workspace.Length; i++) _workspace[i] = ((GpuBuffer)work.Workspace[i]).View;
        for (var i = 0; i < _inputs.Length; i++) _inputs[i] = Bound(work.Inputs[i]);
        for (var i = 0; i < _outputs.Length; i++) _outputs[i] = Bound(work.Outputs[i]);
        _table = work.Table;
        _words = TableMemory.Cast<int>();
        Extents = _table.Extents;
        Pool = work.Pool;
    }

    /// <summary>Forgets the step, so that its buffers are not kept alive.</summary>
    public void End()
    {
        Array.Clear(_workspace);
        Array.Clear(_inputs);
        Array.Clear(_outputs);
        (_table, Pool, _words) = (null, null, default);
    }

    /// <summary>Elements of a value.</summary>
    public ArrayView<float> Floats(Place place) => View(place).Cast<float>();

    /// <summary>Words of a value.</summary>
    public ArrayView<int> Words(Place place) => View(place).Cast<int>();

    public ArrayView<int> TokenIds => Words(_table!.TokenIds, Extents.Tokens);

    public ArrayView<int> Positions => Words(_table!.Positions, Extents.Tokens);

    public ArrayView<int> OutputRows => Words(_table!.OutputRows, Extents.OutputRows);

    /// <summary>Cosines and sines of a rotation, a row per token.</summary>
    public ArrayView<float> Rotation(int index, int width) => Words(_table!.Rotation(index), Extents.Tokens * width).Cast<float>();

    /// <summary>Cosines and sines of a shift, a row per sequence.</summary>
    public ArrayView<float> Shift(int index, int width) => Words(_table!.Shift(index), Extents.Sequences * width).Cast<float>();

    /// <summary>Cells that the longest sequence has with this step.</summary>
    public int MostCells => _table!.MostCells;

    /// <summary>Entries of all page lists.</summary>
    public int PageEntries => _table!.PageCount;

    /// <summary>Sequences, rows and pages.</summary>
    public StepView Tables => new()
    {
        Sequences = Words(_table!.Sequences, Extents.Sequences * StepTables.SequenceWords),
        RowSequences = Words(_table.RowSequences, Extents.Tokens),
        Positions = Positions,
        Pages = Words(_table.Pages, _table.PageCount),
    };

    /// <summary>A buffer of the pool.</summary>
    public ArrayView<int> PoolBuffer(int index) => ((GpuBuffer)Pool!.Buffers[index]).View.Cast<int>();

    // Offsets and lengths are the planner's, which the host has checked against the buffers.
    private ArrayView<byte> View(Place place)
    {
        if (place.Length == 0) return default;
        var root = place.Root switch
        {
            PlaceRoot.Workspace => _workspace[place.Index],
            PlaceRoot.Input => _inputs[place.Index],
            PlaceRoot.Output => _outputs[place.Index],
            _ => weights[place.Index],
        };
        return place.Root == PlaceRoot.Weight ? root : root.SubView(place.Offset, place.Length);
    }

    private ArrayView<int> Words(int first, long count) => _words.SubView(first, count);

    private static ArrayView<byte> Bound(in Abstractions.Tensors.TensorRef tensor)
        => tensor.Spec.ByteLength == 0 ? default : ((GpuBuffer)tensor.Buffer).View.SubView((long)tensor.Offset, tensor.Spec.ByteLength);
}
