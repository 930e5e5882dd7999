using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs;

/// <summary>Makes a plan of a slice: orders its operations into steps and gives every value a place.</summary>
internal sealed class ProgramPlanner(GraphSlice slice, int workers, IProgramBuilder builder)
{
    private readonly List<ProgramStep> _steps = [];
    private readonly Dictionary<GraphValue, ProgramStep.Matrices> _matrices = [];
    private readonly HashSet<GraphValue> _quantized = [];
    private readonly Dictionary<GraphValue, (GraphValue Root, long Offset)> _views = [];
    private readonly HashSet<GraphValue> _outputs = [.. slice.Outputs];

    public CpuPlan Plan()
    {
        AddRopeTables();
        foreach (var operation in slice.Operations) Add(operation);
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

    private ProgramLayout Place()
    {
        var packer = new WorkspacePacker();
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
            switch (step)
            {
                case ProgramStep.RopeTable t:
                    tables.Add(t.Key, packer.Add(Math.BigMul(slice.Bounds.Tokens, t.Key.Parameters.RotaryWidth) * 4L, 0, _steps.Count));
                    break;
                case ProgramStep.Quantize q:
                    quantized.Add(q.Value, packer.Add(Extent.RowsOf(q.Value).Resolve(slice.Bounds) * Activations.RowBytes(q.Value.Shape.D0.Constant), i, i));
                    break;
            }
            foreach (var value in Writes(step))
                if (!bound.Contains(value)) values.Add(value, packer.Add(value.Resolve(slice.Bounds).ByteLength, i, i));
        }
        packer.Pack();

        var places = new Dictionary<GraphValue, Operand>();
        foreach (var (value, item) in values) places.Add(value, new Operand(Operand.Workspace, (nint)item.Offset));
        var root = Operand.FirstBinding;
        // A value may be input and output; it is read where it is written.
        foreach (var value in slice.Inputs) places[value] = new Operand(root++, 0);
        foreach (var value in slice.Outputs) places[value] = new Operand(root++, 0);
        foreach (var (value, view) in _views)
            if (places.TryGetValue(view.Root, out var place)) places[value] = place.Plus((nint)view.Offset);

        ProgramLayout Layout(long scratch) => new()
        {
            Steps = _steps,
            Values = places,
            Quantized = quantized.ToDictionary(p => p.Key, p => new Operand(Operand.Workspace, (nint)p.Value.Offset)),
            RopeTables = tables.ToDictionary(p => p.Key, p => new Operand(Operand.Workspace, (nint)p.Value.Offset)),
            KvLayout = (CpuKvLayout?)slice.KvLayout,
            ScratchOffset = (nint)packer.Length,
            ScratchBytes = (nint)scratch,
            WorkspaceBytes = checked(packer.Length + scratch * workers),
        };
        var phases = builder.Build(Layout(0), _ => 0);
        var largest = phases.Length == 0 ? 0 : phases.Max(p => p.ScratchBytes);
        // Scratch of different workers shares no pair of cache lines.
        return Layout((largest + 255) / 256 * 256);
    }

    private (GraphValue Root, long Offset) Root(GraphValue value) => _views.TryGetValue(value, out var view) ? view : (value, 0);

    private static bool IsQuantized(GraphValue weight) => weight.Type.IsQuantized();

    private static IEnumerable<GraphValue> Reads(ProgramStep step) => step switch
    {
        ProgramStep.Quantize q => [q.Value],
        ProgramStep.Matrices m => m.Operations.SelectMany(o => o.Reads),
        ProgramStep.Single s => s.Operation.Reads,
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
        ProgramStep.Matrices m => m.Operations.SelectMany(o => o.Writes),
        ProgramStep.Single s => s.Operation.Writes,
        _ => [],
    };
}
