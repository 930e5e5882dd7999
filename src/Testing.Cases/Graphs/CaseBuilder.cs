using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Puts a <see cref="GraphCase"/> together; everything random comes from one generator.</summary>
internal sealed class CaseBuilder(string name, Random random, StepBounds bounds)
{
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<GraphValue, byte[]> _weights = [];
    private readonly List<(GraphValue Value, Action<Span<float>> Fill)> _inputs = [];
    private int _names;

    public Random Random => random;

    public StepBounds Bounds => bounds;

    /// <summary>Row numbers that token ids and positions stay below.</summary>
    public int RowLimit { get; set; } = 4000;

    public KvCacheSpec? Cache { get; set; }

    public int PageCount { get; set; }

    public Action<ReferenceKvCache>? Fill { get; set; }

    public GraphValue Weight(TensorType type, TensorShape shape, BlockKind kind = BlockKind.Ordinary)
    {
        var weight = new GraphValue($"w{_names++}", type, shape, isWeight: true);
        _weights.Add(weight, RandomBlocks.Make(weight.Resolve(bounds), kind, random));
        return weight;
    }

    /// <summary>An F32 weight with given elements.</summary>
    public GraphValue Weight(TensorShape shape, Func<int, float> element)
    {
        var weight = new GraphValue($"w{_names++}", TensorType.F32, shape, isWeight: true);
        _weights.Add(weight, SliceRunner.ToBytes(TensorType.F32, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(element)]));
        return weight;
    }

    public GraphValue Input(SymbolicShape shape, ValueKind kind = ValueKind.Ordinary)
        => Input(shape, TensorType.F32, row => RandomValues.Fill(kind, random, row));

    public GraphValue Input(SymbolicShape shape, TensorType type, Action<Span<float>> fill)
    {
        var value = new GraphValue($"x{_names++}", type, shape);
        _inputs.Add((value, fill));
        return value;
    }

    public GraphValue Value(SymbolicShape shape, TensorType type = TensorType.F32) => new($"y{_names++}", type, shape);

    public CaseBuilder Add(Operation operation)
    {
        _operations.Add(operation);
        return this;
    }

    /// <summary>Ends a case whose sequences need no cache: steps of the given numbers of tokens and, by default, as many output rows and two sequences.</summary>
    public GraphCase Build(IReadOnlyList<int> tokens, params IReadOnlyList<GraphValue> outputs)
        => Build([.. tokens.Select(NewStep)], outputs);

    public GraphCase Build(IReadOnlyList<CaseStep> steps, IReadOnlyList<GraphValue> outputs) => new()
    {
        Name = name,
        Operations = _operations,
        Weights = _weights,
        Inputs = [.. _inputs.Select(input => input.Value)],
        Outputs = outputs,
        Bounds = bounds,
        Steps = [.. steps.Select(WithInputs)],
        Cache = Cache,
        PageCount = PageCount,
        Fill = Fill,
    };

    private CaseStep NewStep(int tokens)
    {
        var first = random.Next(Math.Max(1, RowLimit - tokens));
        var sequences = tokens >= 2 && bounds.Sequences >= 2
            ? Split(tokens, 1 + random.Next(tokens - 1))
            : [new SequenceStep { FirstRow = 0, RowCount = tokens }];
        return new CaseStep
        {
            TokenIds = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(RowLimit))],
            Positions = [.. Enumerable.Range(first, tokens)],
            OutputRows = [.. Enumerable.Range(0, tokens).Where(_ => random.Next(3) != 0).Take(bounds.OutputRows)],
            Sequences = sequences,
        };
    }

    private static SequenceStep[] Split(int tokens, int at) =>
    [
        new SequenceStep { FirstRow = 0, RowCount = at },
        new SequenceStep { FirstRow = at, RowCount = tokens - at },
    ];

    private CaseStep WithInputs(CaseStep step) => step with
    {
        Inputs = [.. _inputs.Select(input =>
        {
            var shape = input.Value.Shape.Resolve(step.Extents);
            var elements = new float[shape.ElementCount];
            for (var row = 0; row < shape.RowCount; row++) input.Fill(elements.AsSpan(row * (int)shape.D0, (int)shape.D0));
            return elements;
        })],
    };
}
