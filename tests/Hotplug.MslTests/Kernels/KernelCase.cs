using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>One operation with random operands: a kernel's result is compared with the reference within its bounds.</summary>
internal sealed class KernelCase(Random random, ReferenceStep step)
{
    private readonly Dictionary<GraphValue, byte[]> _weights = [];
    private readonly List<(GraphValue Value, float[] Elements)> _inputs = [];

    public Random Random => random;
    public ReferenceStep Step => step;
    public int Tokens => step.Positions.Length;

    /// <summary>A step of one sequence.</summary>
    public static ReferenceStep Rows(int rows, int firstPosition = 0) => new()
    {
        TokenIds = new int[rows],
        Positions = Enumerable.Range(firstPosition, rows).ToArray(),
        OutputRows = Enumerable.Range(0, rows).ToArray(),
        Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows } },
    };

    public GraphValue Weight(TensorType type, TensorShape shape, BlockKind kind = BlockKind.Ordinary)
    {
        var value = new GraphValue($"w{_weights.Count}", type, shape, isWeight: true);
        _weights.Add(value, RandomBlocks.Make(new TensorSpec { Type = type, Shape = shape }, kind, random));
        return value;
    }

    public GraphValue Input(SymbolicShape shape, ActivationKind kind = ActivationKind.Ordinary)
    {
        var elements = new float[shape.Resolve(step.Extents).ElementCount];
        var width = (int)Math.Max(1, shape.D0.Constant);
        for (var i = 0; i < elements.Length; i += width) RandomActivations.Fill(kind, random, elements.AsSpan(i, width));
        return Given(shape, TensorType.F32, elements);
    }

    public GraphValue Given(SymbolicShape shape, TensorType type, params float[] elements)
    {
        var value = new GraphValue($"x{_inputs.Count}", type, shape);
        _inputs.Add((value, elements));
        return value;
    }

    public static GraphValue Output(SymbolicShape shape, TensorType type = TensorType.F32) => new("y", type, shape);

    /// <summary>What a kernel reads: a weight in the standard layout, or an input in F32 or I32. Of an absent operand, something that must not be read.</summary>
    public byte[] Bytes(GraphValue? value)
    {
        if (value is null) return new byte[1];
        if (_weights.TryGetValue(value, out var bytes)) return bytes;
        var elements = _inputs.Find(input => input.Value == value).Elements;
        return value.Type == TensorType.I32
            ? System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>([.. elements.Select(element => (int)element)]).ToArray()
            : System.Runtime.InteropServices.MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();
    }

    public int[] SequenceTable()
    {
        var table = new int[step.Sequences.Length * StepTables.SequenceWords];
        StepTables.FillSequences(step.Sequences.Span, table);
        return table;
    }

    public int[] RowTable()
    {
        var table = new int[Tokens];
        StepTables.FillRows(step.Sequences.Span, table);
        return table;
    }

    /// <summary>Compares what a kernel wrote for each of the operation's results.</summary>
    public void Check(Operation operation, ReferenceKvCache? cache, params ReadOnlySpan<float[]> actual)
    {
        var slice = new GraphSlice
        {
            Operations = [operation],
            Weights = [.. _weights.Keys],
            Inputs = [.. _inputs.Select(input => input.Value)],
            Outputs = [.. operation.Writes],
            Bounds = step.Extents with { Tokens = Math.Max(2, step.Extents.Tokens), OutputRows = Math.Max(2, step.Extents.OutputRows), Sequences = Math.Max(2, step.Extents.Sequences) },
        };
        var interpreter = new ReferenceInterpreter(slice,
            weight => ReferenceWeight.FromBytes(new TensorSpec { Type = weight.Type, Shape = weight.Shape.Resolve(slice.Bounds) }, _weights[weight]));
        var expected = interpreter.Run(step, cache, [.. _inputs.Select(input => input.Elements)]);
        for (var i = 0; i < expected.Length; i++)
        {
            var bounds = interpreter.Bounds(operation.Writes[i]);
            var outside = Tolerance.FirstOutside(expected[i], actual[i], bounds);
            if (outside >= 0)
                Assert.Fail($"{operation}: element {outside} is {actual[i][outside]:g9}, should be {expected[i][outside]:g9} ± {bounds[outside]:g3}.");
        }
    }
}
