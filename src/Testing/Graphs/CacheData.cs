using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Graphs;

/// <summary>Keys, values and queries of the tokens of one sequence, to be taken through a cache in any steps.</summary>
internal sealed class CacheData
{
    public const int Heads = 2, QueryHeads = 4, Width = 32;

    private readonly float[][] _rows;

    public CacheData(Random random, int tokens, GraphCase graph)
    {
        Case = graph;
        _rows = [new float[tokens * Heads * Width], new float[tokens * Heads * Width], new float[tokens * QueryHeads * Width]];
        foreach (var rows in _rows) RandomValues.Fill(ValueKind.Ordinary, random, rows);
    }

    /// <summary>Appends to a layer and attends to it.</summary>
    public GraphCase Case { get; }

    /// <summary>Takes over the first tokens of another sequence.</summary>
    public void TakeRows(CacheData other, int tokens)
    {
        for (var i = 0; i < 3; i++) other._rows[i].AsSpan(0, tokens * Stride(i)).CopyTo(_rows[i]);
    }

    /// <summary>Elements of the inputs (key, value, query) of some tokens.</summary>
    public float[] Rows(int input, int first, int count) => _rows[input][(first * Stride(input))..((first + count) * Stride(input))];

    public static GraphCase Graph(int tokens, int layer)
    {
        var (key, value) = (Heads3("k", Heads), Heads3("v", Heads));
        var query = Heads3("q", QueryHeads);
        var output = new GraphValue("y", Abstractions.Tensors.TensorType.F32, new(QueryHeads * Width, Dimension.Tokens));
        return new GraphCase
        {
            Name = "Append and attend",
            Operations = [new KvAppend(key, value, layer), new Attention(query, null, layer, new AttentionParameters { Scale = 0.2f }, output)],
            Weights = new Dictionary<GraphValue, byte[]>(),
            Inputs = [key, value, query],
            Outputs = [output],
            Bounds = new StepBounds { Tokens = tokens, OutputRows = 1, Sequences = 2, Context = tokens },
            Steps = [],
        };

        static GraphValue Heads3(string name, int heads) => new(name, Abstractions.Tensors.TensorType.F32, new(Width, heads, Dimension.Tokens));
    }

    private static int Stride(int input) => (input == 2 ? QueryHeads : Heads) * Width;
}
