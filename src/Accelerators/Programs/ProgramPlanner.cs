using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Programs;

/// <summary>Makes a program of a slice: orders its operations into launches, fuses what goes together, and gives every value a place.</summary>
public sealed class ProgramPlanner
{
    private readonly GraphSlice _slice;
    private readonly ProgramRules _rules;
    private readonly List<ProgramStep> _steps = [];
    private readonly HashSet<GraphValue> _quantized = [];
    private readonly Dictionary<GraphValue, (GraphValue Root, long Offset)> _views = [];
    private readonly HashSet<GraphValue> _outputs;

    private ProgramPlanner(GraphSlice slice, ProgramRules rules) => (_slice, _rules, _outputs) = (slice, rules, [.. slice.Outputs]);

    /// <summary>Plans a slice whose operations the device supports.</summary>
    public static ProgramLayout Plan(GraphSlice slice, ProgramRules rules)
    {
        var planner = new ProgramPlanner(slice, rules);
        foreach (var operation in slice.Operations) planner.Add(operation);
        return planner.Place();
    }

    /// <summary>True for weights that are multiplied by quantised activations, on a device that quantises them.</summary>
    public static bool IsQuantized(GraphValue weight) => weight.Type.IsQuantized();

    private void Add(Operation operation)
    {
        switch (operation)
        {
            case MatMul o when Quantizes(o.Weight):
                QuantizeOnce(o.Input);
                _steps.Add(new ProgramStep.Single(o));
                break;
            case MatMulExperts o when Quantizes(o.Weight):
                QuantizeOnce(o.Input);
                _steps.Add(new ProgramStep.Single(o));
                break;
            // A view of what is computed moves nothing, except where the host has to find it as an output.
            case View o when !_outputs.Contains(o.Output):
                var (root, offset) = Root(o.Input);
                _views[o.Output] = (root, offset + o.FirstRow * o.Input.Shape.D0.Constant * sizeof(float));
                break;
            default:
                _steps.Add(new ProgramStep.Single(operation));
                break;
        }
    }

    private bool Quantizes(GraphValue weight) => _rules.QuantizedRowBytes is not null && IsQuantized(weight);

    private void QuantizeOnce(GraphValue value)
    {
        if (!_quantized.Add(value)) return;
        var writer = _steps.FindIndex(s => s is ProgramStep.Single { Operation: RmsNorm n } && n.Output == value);
        if (writer >= 0) _steps[writer] = new ProgramStep.NormAndQuantize((RmsNorm)((ProgramStep.Single)_steps[writer]).Operation);
        else _steps.Add(new ProgramStep.Quantize(value));
    }

    private ProgramLayout Place()
    {
        var bounds = _slice.Bounds;
        var packer = new WorkspacePacker(_rules.LargestBlock);
        var values = new Dictionary<GraphValue, WorkspacePacker.Item>();
        var quantized = new Dictionary<GraphValue, WorkspacePacker.Item>();
        var scratch = new Dictionary<Operation, WorkspacePacker.Item>(ReferenceEqualityComparer.Instance);
        var bound = new HashSet<GraphValue>([.. _slice.Inputs, .. _slice.Outputs]);
        var shape = StepTableShape.Of(_slice);
        var table = packer.Add(shape.MaxBytes, 0, _steps.Count);
        for (var i = 0; i < _steps.Count; i++)
        {
            var step = _steps[i];
            foreach (var value in step.Reads)
                if (values.TryGetValue(Root(value).Root, out var item)) item.Last = i;
            if (_rules.QuantizedRowBytes is not null && step.ReadsQuantized is { } read) quantized[read].Last = i;
            if (step.Quantizes is { } written)
                quantized.Add(written, packer.Add(checked(Extent.RowsOf(written).Resolve(bounds) * _rules.QuantizedRowBytes!(written.Shape.D0.Constant)), i, i));
            foreach (var value in step.Writes)
                if (!bound.Contains(value)) values.Add(value, packer.Add(value.Resolve(bounds).ByteLength, i, i));
            if (step is ProgramStep.Single { Operation: var operation } && _rules.ScratchBytes(operation, bounds) is > 0 and var bytes)
                scratch.Add(operation, packer.Add(bytes, i, i));
        }
        packer.Pack();

        var places = new Dictionary<GraphValue, Place>();
        foreach (var (value, item) in values) places.Add(value, At(item, value.Resolve(bounds).ByteLength));
        for (var i = 0; i < _slice.Weights.Count; i++) places[_slice.Weights[i]] = new(PlaceRoot.Weight, i, 0, _slice.Weights[i].Resolve(bounds).ByteLength);
        // A value may be input and output; it is read where it is written.
        for (var i = 0; i < _slice.Inputs.Count; i++) places[_slice.Inputs[i]] = new(PlaceRoot.Input, i, 0, _slice.Inputs[i].Resolve(bounds).ByteLength);
        for (var i = 0; i < _slice.Outputs.Count; i++) places[_slice.Outputs[i]] = new(PlaceRoot.Output, i, 0, _slice.Outputs[i].Resolve(bounds).ByteLength);
        foreach (var (value, (root, offset)) in _views) places[value] = places[root].Plus(offset, value.Resolve(bounds).ByteLength);
        return new(_slice, _steps, places, quantized.ToDictionary(p => p.Key, p => At(p.Value, p.Value.Bytes)),
            scratch.ToDictionary(p => p.Key, p => At(p.Value, p.Value.Bytes), (IEqualityComparer<Operation>)ReferenceEqualityComparer.Instance), shape, At(table, table.Bytes), packer.Blocks);
    }

    private static Place At(WorkspacePacker.Item item, long length) => new(PlaceRoot.Workspace, item.Block, item.Offset, length);

    private (GraphValue Root, long Offset) Root(GraphValue value) => _views.TryGetValue(value, out var view) ? view : (value, 0);
}
