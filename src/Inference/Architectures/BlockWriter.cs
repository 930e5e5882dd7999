using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>Writes the parts of one block. Tensors are named <c>blk.N.NAME</c>.</summary>
internal sealed partial class BlockWriter(ModelWriter model, int index)
{
    /// <summary>Number of the block.</summary>
    public int Index => index;

    /// <summary>The norm of this name.</summary>
    public GraphValue Norm(string name, GraphValue x) => model.Norm(Name(name), x);

    /// <summary>
    /// What goes on behind the attention: in the last block only the rows whose logits are wanted, because from there on no row depends on another.
    /// </summary>
    public (GraphValue Residual, GraphValue Attended) Chosen(GraphValue residual, GraphValue attended)
        => index < model.Dimensions.Blocks - 1 ? (residual, attended)
            : (model.Graph.GetRows(residual, RowSource.OutputRows), model.Graph.GetRows(attended, RowSource.OutputRows));

    /// <summary>
    /// The usual block: norm, attention, residual; norm, feed-forward layer, residual.
    /// </summary>
    /// <param name="x">The residual.</param>
    /// <param name="attention">The attention.</param>
    /// <param name="feedForward">The feed-forward layer.</param>
    /// <param name="feedForwardNorm">Name of the norm in front of it.</param>
    /// <param name="scale">Factor on what is added to the residual.</param>
    public GraphValue PreNorm(GraphValue x, SelfAttention attention, Func<GraphValue, GraphValue> feedForward, string feedForwardNorm = "ffn_norm", float scale = 1)
    {
        var (residual, attended) = Chosen(x, Attend(Norm("attn_norm", x), attention));
        x = model.Graph.Add(residual, Scaled(attended, scale));
        return model.Graph.Add(x, Scaled(feedForward(Norm(feedForwardNorm, x)), scale));
    }

    private GraphValue Scaled(GraphValue x, float factor) => factor == 1 ? x : model.Graph.Scale(x, factor);

    private string Name(string name) => $"blk.{index}.{name}";
}
