using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <content>Feed-forward layers.</content>
internal sealed partial class BlockWriter
{
    /// <summary>down · (act(gate · x) ∘ (up · x)); gate and up may be one matrix, <c>ffn_up</c>, that has the rows of gate and then those of up.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="function">The activation.</param>
    /// <param name="hidden">Width of the hidden layer; null for that of the block.</param>
    /// <param name="suffix">Behind the names of the tensors.</param>
    public GraphValue Gated(GraphValue x, Activation function, long? hidden = null, string suffix = "")
    {
        var width = hidden ?? Hidden;
        string gate = Name($"ffn_gate{suffix}"), up = Name($"ffn_up{suffix}");
        var isFused = !model.Tensors.Contains($"{gate}.weight") && model.Tensors.Contains($"{up}.weight")
            && model.Tensors.RequireSpec($"{up}.weight").Shape.D1 == 2 * width;
        var (gated, raised) = isFused
            ? (ProjectRows(up, "gate", x, 2 * width, 0, width), ProjectRows(up, "up", x, 2 * width, width, width))
            : (model.Project(gate, x, width), model.Project(up, x, width));
        return model.Project(Name($"ffn_down{suffix}"), model.Graph.Gated(gated, raised, function), model.Dimensions.Width);
    }

    /// <summary>down · act(up · x).</summary>
    public GraphValue Plain(GraphValue x, Activation function)
        => model.Project(Name("ffn_down"), model.Graph.Activate(model.Project(Name("ffn_up"), x, Hidden), function), model.Dimensions.Width);

    private int Hidden => model.Dimensions.FeedForward[index] is > 0 and var hidden ? hidden
        : throw model.Keys.Invalid("feed_forward_length", $"block {index} has no hidden width", "convert the model anew");
}
