using Hotplug.Abstractions.Graphs;

namespace Hotplug.FarMemory.Execution;

/// <summary>
/// Gives every value of a slice its place in the workspace. A place is taken over by a later value of the same size once its own is not read any more.
/// Blocks stay small, because the host may hold the device to less than its largest allocation.
/// </summary>
internal sealed class WorkspaceLayout
{
    private const int PreferredBlock = 256 << 10;
    private const int Alignment = 64;

    private readonly Dictionary<GraphValue, FarSlot> _slots = [];
    private readonly Dictionary<(int RowBytes, long Rows), Stack<FarSlot>> _free = [];
    private readonly List<int> _blocks = [];
    private readonly int _largest;

    public WorkspaceLayout(GraphSlice slice, long maxAllocation)
    {
        _largest = (int)maxAllocation;
        var lastUse = new Dictionary<GraphValue, int>();
        for (var i = 0; i < slice.Operations.Count; i++)
            foreach (var value in slice.Operations[i].Reads.Concat(slice.Operations[i].Writes)) lastUse[value] = i;
        foreach (var output in slice.Outputs) lastUse[output] = int.MaxValue;

        foreach (var input in slice.Inputs) Place(input, slice.Bounds);
        for (var i = 0; i < slice.Operations.Count; i++)
        {
            var operation = slice.Operations[i];
            foreach (var written in operation.Writes) Place(written, slice.Bounds);
            foreach (var value in operation.Reads.Concat(operation.Writes).Distinct())
                if (lastUse[value] == i && _slots.TryGetValue(value, out var slot)) Free(value, slot, slice.Bounds);
        }
    }

    /// <summary>Bytes of each block.</summary>
    public IReadOnlyList<nuint> Blocks => [.. _blocks.Select(bytes => (nuint)bytes)];

    /// <summary>The place of a value.</summary>
    public FarSlot this[GraphValue value] => _slots[value];

    /// <summary>Elements of the longest row that fits a block.</summary>
    public static long LongestRow(long maxAllocation) => maxAllocation / sizeof(double);

    private static (int RowBytes, long Rows) Size(GraphValue value, in StepBounds bounds)
    {
        var shape = value.Shape.Resolve(bounds);
        return (checked((int)shape.D0 * sizeof(double)), shape.RowCount);
    }

    private void Place(GraphValue value, in StepBounds bounds)
    {
        if (_slots.ContainsKey(value)) return;
        var (rowBytes, rows) = Size(value, bounds);
        if (_free.TryGetValue((rowBytes, rows), out var free) && free.TryPop(out var reused))
        {
            _slots.Add(value, reused);
            return;
        }
        var block = Math.Min(_largest, Math.Max(PreferredBlock, rowBytes));
        var runRows = (int)Math.Max(1, Math.Min(rows, rowBytes == 0 ? rows : block / rowBytes));
        var runs = new List<(int, int)>();
        for (var row = 0L; row < rows; row += runRows) runs.Add(Take((int)Math.Min(runRows, rows - row) * rowBytes, block));
        _slots.Add(value, new FarSlot(rowBytes, runRows, runs.ToArray()));
    }

    private void Free(GraphValue value, FarSlot slot, in StepBounds bounds)
    {
        var size = Size(value, bounds);
        if (!_free.TryGetValue(size, out var stack)) _free.Add(size, stack = new Stack<FarSlot>());
        stack.Push(slot);
    }

    private (int Block, int Offset) Take(int bytes, int block)
    {
        for (var b = 0; b < _blocks.Count; b++)
        {
            var start = (_blocks[b] + Alignment - 1) & -Alignment;
            if (bytes > Math.Max(block, _blocks[b]) - start) continue;
            _blocks[b] = start + bytes;
            return (b, start);
        }
        _blocks.Add(bytes);
        return (_blocks.Count - 1, 0);
    }
}
