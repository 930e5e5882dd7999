using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Architectures;

/// <content>Attention.</content>
internal sealed partial class BlockWriter
{
    private int Heads => model.Dimensions.Heads[index];

    private int KvHeads => model.Dimensions.KvHeads[index];

    /// <summary>Attention of the rows, with the matrix behind it.</summary>
    public GraphValue Attend(GraphValue x, SelfAttention attention)
    {
        var graph = model.Graph;
        var (query, key, value) = Project(x);
        query = Positioned(query, "attn_q_norm", Heads, attention);
        key = Positioned(key, "attn_k_norm", KvHeads, attention);
        value = graph.SplitHeads(value, KvHeads);
        GraphValue attended;
        if (attention.WholeText)
        {
            attended = graph.AttentionBatch(query, key, value, attention.Parameters);
        }
        else
        {
            graph.KvAppend(key, value, index);
            attended = graph.Attention(query, attention.Sinks ? model.Tensors.Require(Name("attn_sinks.weight"), Heads) : null, index, attention.Parameters);
        }
        return model.Project(Name("attn_output"), attended, model.Dimensions.Width);
    }

    private GraphValue Positioned(GraphValue x, string norm, int heads, SelfAttention attention)
    {
        if (attention.HeadNorm == HeadNorm.AllHeads) x = Norm(norm, x);
        x = model.Graph.SplitHeads(x, heads);
        if (attention.HeadNorm == HeadNorm.PerHead) x = Norm(norm, x);
        return attention.Rope is { } rope ? model.Graph.Rope(x, rope.Factors, rope.Parameters) : x;
    }

    /// <summary>Queries, keys and values, of three matrices or of one that has the rows of all.</summary>
    private (GraphValue Query, GraphValue Key, GraphValue Value) Project(GraphValue x)
    {
        var (keyWidth, valueWidth) = (model.Dimensions.KeyWidth, model.Dimensions.ValueWidth);
        long queries = (long)keyWidth * Heads, keys = (long)keyWidth * KvHeads, values = (long)valueWidth * KvHeads;
        var fused = Name("attn_qkv");
        if (!model.Tensors.Contains($"{fused}.weight"))
            return (model.Project(Name("attn_q"), x, queries), model.Project(Name("attn_k"), x, keys), model.Project(Name("attn_v"), x, values));
        var all = queries + keys + values;
        return (Part("q", 0, queries), Part("k", queries, keys), Part("v", queries + keys, values));

        GraphValue Part(string part, long first, long rows) => ProjectRows(fused, part, x, all, first, rows);
    }

    private GraphValue ProjectRows(string name, string part, GraphValue x, long all, long first, long rows)
    {
        var (weight, bias) = ($"{name}.weight", $"{name}.bias");
        var whole = new TensorShape(x.Shape.D0.Constant, all);
        var product = model.Graph.MatMul(model.Tensors.RequireRows(weight, part, whole, first, rows), x,
            model.Tensors.Contains(bias) ? model.Tensors.RequireRows(bias, part, new TensorShape(all), first, rows) : null);
        return model.Adapters.Add(weight, whole, x, product, first, part);
    }
}
