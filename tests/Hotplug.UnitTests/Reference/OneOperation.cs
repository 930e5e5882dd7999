using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.UnitTests.Reference;

/// <summary>Runs one operation by itself in the interpreter.</summary>
internal sealed class OneOperation
{
    private readonly Dictionary<GraphValue, ReferenceOperand> _weights = [];
    private readonly List<(GraphValue Value, float[] Elements)> _inputs = [];

    public ReferenceStep Step { get; set; } = Rows(1);

    public IReferenceKvCache? Cache { get; init; }

    public ReferenceInterpreter? Interpreter { get; private set; }

    public static ReferenceStep Rows(int rows, int firstPosition = 0) => new()
    {
        TokenIds = new int[rows],
        Positions = Enumerable.Range(firstPosition, rows).ToArray(),
        OutputRows = Enumerable.Range(0, rows).ToArray(),
        Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows } },
    };

    public GraphValue Weight(TensorShape shape, params float[] elements)
    {
        var value = new GraphValue($"w{_weights.Count}", TensorType.F32, shape, isWeight: true);
        _weights.Add(value, ReferenceWeight.FromElements(shape, elements));
        return value;
    }

    public GraphValue Weight(TensorType type, TensorShape shape, byte[] bytes)
    {
        var value = new GraphValue($"w{_weights.Count}", type, shape, isWeight: true);
        _weights.Add(value, ReferenceWeight.FromBytes(new() { Type = type, Shape = shape }, bytes));
        return value;
    }

    public GraphValue Input(SymbolicShape shape, params float[] elements)
    {
        var value = new GraphValue($"x{_inputs.Count}", TensorType.F32, shape);
        _inputs.Add((value, elements));
        return value;
    }

    public GraphValue Ids(SymbolicShape shape, params int[] elements)
    {
        var value = new GraphValue($"x{_inputs.Count}", TensorType.I32, shape);
        _inputs.Add((value, [.. elements.Select(e => (float)e)]));
        return value;
    }

    public static GraphValue Output(SymbolicShape shape, TensorType type = TensorType.F32) => new("y", type, shape);

    public double[][] Run(Operation operation)
    {
        Interpreter = new ReferenceInterpreter(new GraphSlice
        {
            Operations = [operation],
            Weights = [.. _weights.Keys],
            Inputs = [.. _inputs.Select(input => input.Value)],
            Outputs = operation.Writes,
            Bounds = Step.Extents,
        }, weight => _weights[weight]);
        return Interpreter.Run(Step, Cache, [.. _inputs.Select(input => input.Elements)]);
    }
}
