using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Testing.Graphs;

/// <summary>Cases of rows, products and experts.</summary>
internal static class ProductCases
{
    public static GraphCase GetRows(CaseBuilder build, TensorType type)
    {
        var random = build.Random;
        var width = OperationCases.RowLength(random, type);
        var source = random.Next(3) switch { 0 => RowSource.TokenIds, 1 => RowSource.Positions, _ => RowSource.OutputRows };
        Dimension rows = source == RowSource.OutputRows ? Dimension.OutputRows : Dimension.Tokens;
        GraphValue table;
        if (source == RowSource.OutputRows && type == TensorType.F32)
            table = build.Input(new SymbolicShape(width, Dimension.Tokens));
        else
        {
            build.RowLimit = random.Next(Math.Max(2, build.Bounds.Tokens), 40);
            table = build.Weight(type, new(width, build.RowLimit), OperationCases.Blocks(random));
        }
        var output = build.Value(new SymbolicShape(width, rows));
        return build.Add(new GetRows(table, source, output)).Build(OperationCases.Steps(build), output);
    }

    public static GraphCase MatMul(CaseBuilder build, TensorType type)
    {
        var random = build.Random;
        var (k, m) = (OperationCases.RowLength(random, type), random.Next(4) == 0 ? random.Next(1, 4) : random.Next(4, 70));
        var weight = build.Weight(type, new(k, m), OperationCases.Blocks(random));
        var bias = random.Next(2) == 0 ? build.Weight(TensorType.F32, new(m)) : null;
        Dimension rows = random.Next(4) == 0 ? Dimension.OutputRows : Dimension.Tokens;
        var input = build.Input(new SymbolicShape(k, rows), OperationCases.Values(random));
        var output = build.Value(new SymbolicShape(m, rows));
        return build.Add(new MatMul(weight, input, bias, output)).Build(OperationCases.Steps(build), output);
    }

    public static GraphCase MatMulExperts(CaseBuilder build, TensorType type)
    {
        var random = build.Random;
        var (k, m, experts) = (OperationCases.RowLength(random, type), random.Next(1, 20), random.Next(1, 7));
        var used = random.Next(1, experts + 1);
        var weight = build.Weight(type, new(k, m, experts), OperationCases.Blocks(random));
        var bias = random.Next(2) == 0 ? build.Weight(TensorType.F32, new(m, experts)) : null;
        var input = build.Input(new SymbolicShape(k, random.Next(2) == 0 ? 1 : used, Dimension.Tokens), OperationCases.Values(random));
        var ids = build.Input(new SymbolicShape(used, Dimension.Tokens), TensorType.I32, row =>
        {
            var chosen = Enumerable.Range(0, experts).OrderBy(_ => random.Next()).ToArray();
            for (var i = 0; i < row.Length; i++) row[i] = chosen[i];
        });
        var output = build.Value(new SymbolicShape(m, used, Dimension.Tokens));
        return build.Add(new MatMulExperts(weight, bias, input, ids, output)).Build(OperationCases.Steps(build), output);
    }

    public static GraphCase CombineExperts(CaseBuilder build)
    {
        var random = build.Random;
        var (m, used) = (random.Next(1, 90), random.Next(1, 6));
        var input = build.Input(new SymbolicShape(m, used, Dimension.Tokens), OperationCases.Values(random));
        var weights = build.Input(new SymbolicShape(used, Dimension.Tokens));
        var output = build.Value(new SymbolicShape(m, Dimension.Tokens));
        return build.Add(new CombineExperts(input, weights, output)).Build(OperationCases.Steps(build), output);
    }

    public static GraphCase RouteTopK(CaseBuilder build)
    {
        var random = build.Random;
        var experts = random.Next(1, 17);
        var used = random.Next(1, experts + 1);
        // Logits lie a third apart or are equal, so that rounding decides nothing, and ties are real ones.
        var logits = build.Input(new SymbolicShape(experts, Dimension.Tokens), TensorType.F32, row =>
        {
            for (var i = 0; i < row.Length; i++) row[i] = random.Next(-12, 13) / 3f;
        });
        var bias = random.Next(2) == 0 ? build.Weight(new(experts), _ => random.Next(0, 3) * 8f) : null;
        var ids = build.Value(new SymbolicShape(used, Dimension.Tokens), TensorType.I32);
        var weights = build.Value(new SymbolicShape(used, Dimension.Tokens));
        return build.Add(new RouteTopK(logits, bias, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0 ? 1f : 2.5f, ids, weights))
            .Build(OperationCases.Steps(build), ids, weights);
    }
}
