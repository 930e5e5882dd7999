using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs;

/// <summary>Makes a plan of a slice: orders its operations into steps and gives every value a place.</summary>
internal sealed class ProgramPlanner(GraphSlice slice, int workers, IProgramBuilder builder)
{
    // A cache line.
    private const long Alignment = 64;

    private readonly List<ProgramStep> _steps = [];
    private readonly Dictionary<GraphValue, ProgramStep.Matrices> _matrices = [];
    private readonly HashSet<GraphValue> _quantized = [];
    private readonly Dictionary<GraphValue, (GraphValue Root, long Offset)> _views = [];
    private readonly HashSet<GraphValue> _outputs = [.. slice.Outputs];

    public CpuPlan Plan()
    {
        AddRopeTables();
        foreach (var operation in slice.Operations) Add(operation);
        ActivationFusion.Apply(slice, _steps);
        Group();
        return new CpuPlan(slice, Place());
    }

    private void AddRopeTables()
    {
        foreach (var key in slice.Operations.OfType<Rope>().Select(RopeKey.Of).Distinct()) _steps.Add(new ProgramStep.RopeTable(key));
    }

    private void Add(Operation operation)
    {
        switch (operation)
        {
            case MatMul o:
                // A matrix needs nothing but its input, so it may run together with the first one that reads the same.
                if (!_matrices.TryGetValue(o.Input, out var step)) step = new ProgramStep.Matrices(o.Input, []);
                if (IsQuantized(o.Weight) && _quantized.Add(o.Input))
                {
                    var quantize = new ProgramStep.Quantize(o.Input);
                    if (step.Operations.Count == 0) _steps.Add(quantize);
                    else _steps.Insert(_steps.IndexOf(step), quantize);
                }
                step.Operations.Add(o);
                if (_matrices.TryAdd(o.Input, step)) _steps.Add(step);
                break;
            case MatMulExperts o:
                if (IsQuantized(o.Weight) && _quantized.Add(o.Input)) _steps.Add(new ProgramStep.Quantize(o.Input));
                _steps.Add(new ProgramStep.Single(o));
                break;
            case View o when !_outputs.Contains(o.Output):
                var (root, offset) = Root(o.Input);
                _views[o.Output] = (root, offset + o.FirstRow * o.Input.Shape.D0.Constant * 4);
                break;
            default:
                _steps.Add(new ProgramStep.Single(operation));
                break;
        }
    }

    // Neighbours that go row by row become one step.
    private void Group()
    {
        for (var i = 0; i < _steps.Count; i++)
        {
            if (Unit(_steps[i]) is not { } unit) continue;
            var count = 1;
            var written = new HashSet<GraphValue>(Writes(_steps[i]));
            for (; i + count < _steps.Count && Unit(_steps[i + count]) == unit && ReadsOwnRows(_steps[i + count], written); count++)
                written.UnionWith(Writes(_steps[i + count]));
            if (count == 1) continue;
            var group = new ProgramStep.RowGroup(unit, _steps.GetRange(i, count));
            _steps.RemoveRange(i, count);
            _steps.Insert(i, group);
        }
    }

    // A view of what the group writes has the same rows only if it has all of its elements.
    private bool ReadsOwnRows(ProgramStep step, HashSet<GraphValue> written)
    {
        foreach (var value in Reads(step))
        {
            var (root, offset) = Root(value);
            if (written.Contains(root) && (offset != 0 || Extent.ElementsOf(value) != Extent.ElementsOf(root))) return false;
        }
        return true;
    }

    // The rows of a step whose every row depends on the same row of what it reads, or null. A constant number of rows per token is a token's.
    private static Extent? Unit(ProgramStep step)
    {
        var written = step switch
        {
            ProgramStep.Quantize q => q.Value,
            ProgramStep.Single { Operation: RmsNorm or LayerNorm or Normalize or Softmax or Rope or Scale or SoftCap or Activate or Gated } s => s.Operation.Writes[0],
            ProgramStep.Single { Operation: Add o } when o.Left.Shape == o.Right.Shape => o.Output,
            ProgramStep.Single { Operation: Mul o } when o.Left.Shape == o.Right.Shape => o.Output,
            ProgramStep.Single { Operation: GetRows { Table.IsWeight: true } o } => o.Output,
            ProgramStep.Single { Operation: KvAppend o } => o.Key,
            _ => null,
        };
        if (written is null) return null;
        var unit = Extent.RowsOf(written) with { Constant = 1 };
        return unit.Tokens + unit.OutputRows + unit.Sequences == 1 ? unit : null;
    }

    private ProgramLayout Place()
    {
        var packer = new WorkspacePacker(long.MaxValue, Alignment);
        var values = new Dictionary<GraphValue, WorkspacePacker.Item>();
        var quantized = new Dictionary<GraphValue, WorkspacePacker.Item>();
        var tables = new Dictionary<RopeKey, WorkspacePacker.Item>();
        var bound = new HashSet<GraphValue>([.. slice.Inputs, .. slice.Outputs]);
        for (var i = 0; i < _steps.Count; i++)
        {
            var step = _steps[i];
            foreach (var value in Reads(step))
                if (values.TryGetValue(Root(value).Root, out var item)) item.Last = i;
            foreach (var value in QuantizedReads(step))
                quantized[value].Last = i;
            if (step is ProgramStep.RopeTable t)
                tables.Add(t.Key, packer.Add(Math.BigMul(slice.Bounds.Tokens, t.Key.Parameters.RotaryWidth) * 4L, 0, _steps.Count));
            foreach (var value in Quantizes(step))
                quantized.Add(value, packer.Add(Extent.RowsOf(value).Resolve(slice.Bounds) * Activations.RowBytes(value.Shape.D0.Constant, builder.Bits), i, i));
            foreach (var value in Writes(step))
                if (!bound.Contains(value)) values.Add(value, packer.Add(value.Resolve(slice.Bounds).ByteLength, i, i));
        }
        packer.Pack();
        // Without a limit everything lies in one block.
        var length = packer.Blocks.Count == 0 ? 0 : (long)packer.Blocks[0];

        var places = new Dictionary<GraphValue, Operand>();
        foreach (var (value, item) in values) places.Add(value, new Operand(Operand.Workspace, (nint)item.Offset));
        var root = Operand.FirstBinding;
        // A value may be input and output; it is read where it is written.
        foreach (var value in slice.Inputs) places[value] = new Operand(root++, 0);
        foreach (var value in slice.Outputs) places[value] = new Operand(root++, 0);
        foreach (var (value, view) in _views)
            if (places.TryGetValue(view.Root, out var place)) places[value] = place.Plus((nint)view.Offset);

        ProgramLayout Layout(long scratch, long shared) => new()
        {
            Steps = _steps,
            Values = places,
            Quantized = quantized.ToDictionary(p => p.Key, p => new Operand(Operand.Workspace, (nint)p.Value.Offset)),
            RopeTables = tables.ToDictionary(p => p.Key, p => new Operand(Operand.Workspace, (nint)p.Value.Offset)),
            KvLayout = (CpuKvLayout?)slice.KvLayout,
            Bounds = slice.Bounds,
            Workers = workers,
            ScratchOffset = (nint)length,
            ScratchBytes = (nint)scratch,
            SharedOffset = checked((nint)(length + scratch * workers)),
            WorkspaceBytes = checked(length + scratch * workers + shared),
        };
        var phases = builder.Build(Layout(0, 0), _ => 0);
        var largest = phases.Length == 0 ? 0 : phases.Max(p => p.ScratchBytes);
        // Scratch of different workers shares no pair of cache lines.
        return Layout((largest + 255) / 256 * 256, phases.Length == 0 ? 0 : phases.Max(p => p.SharedBytes));
    }

    private (GraphValue Root, long Offset) Root(GraphValue value) => _views.TryGetValue(value, out var view) ? view : (value, 0);

    private static bool IsQuantized(GraphValue weight) => MatrixKernel.MultipliesQuantized(weight.Type);

    private static IEnumerable<GraphValue> Reads(ProgramStep step) => step switch
    {
        ProgramStep.Quantize q => [q.Value],
        ProgramStep.Matrices m => m.Operations.SelectMany(o => o.Reads),
        ProgramStep.Single s => s.Operation.Reads,
        ProgramStep.RowGroup g => g.Parts.SelectMany(Reads),
        _ => [],
    };

    private static IEnumerable<GraphValue> Quantizes(ProgramStep step) => step switch
    {
        ProgramStep.Quantize q => [q.Value],
        ProgramStep.Matrices m => m.Activations.Where(a => a.Quantizes).Select(a => a.Output),
        ProgramStep.RowGroup g => g.Parts.SelectMany(Quantizes),
        _ => [],
    };

    private static IEnumerable<GraphValue> QuantizedReads(ProgramStep step) => step switch
    {
        ProgramStep.Matrices m when m.Operations.Exists(o => IsQuantized(o.Weight)) => [m.Input],
        ProgramStep.Single { Operation: MatMulExperts o } when IsQuantized(o.Weight) => [o.Input],
        _ => [],
    };

    private static IEnumerable<GraphValue> Writes(ProgramStep step) => step switch
    {
        ProgramStep.Matrices m => [.. m.Products.Select(o => o.Output), .. m.Activations.Where(a => a.Stores).Select(a => a.Output)],
        ProgramStep.Single s => s.Operation.Writes,
        ProgramStep.RowGroup g => g.Parts.SelectMany(Writes),
        _ => [],
    };
}
