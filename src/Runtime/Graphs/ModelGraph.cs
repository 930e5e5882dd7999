using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Graphs;

/// <summary>
/// A whole model as operations on tensors, for any number of tokens, output rows and sequences. Made by a <see cref="GraphBuilder"/>; immutable.
/// </summary>
public sealed class ModelGraph
{
    internal ModelGraph(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphValue> weights, IReadOnlyList<KvLayerShape> kvLayers, GraphValue output)
        => (Nodes, Weights, KvLayers, Output) = (nodes, weights, kvLayers, output);

    /// <summary>The operations, each behind those whose values it reads.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>Every weight that some operation reads, in order of first use.</summary>
    public IReadOnlyList<GraphValue> Weights { get; }

    /// <summary>The layers with a KV cache, ascending.</summary>
    public IReadOnlyList<KvLayerShape> KvLayers { get; }

    /// <summary>The result: <c>[v, o]</c>, or for models that pool texts <c>[d, s]</c>; F32.</summary>
    public GraphValue Output { get; }

    /// <summary>Number of blocks.</summary>
    public int BlockCount => Nodes.Count == 0 ? 0 : Nodes.Max(n => n.Section.Kind == SectionKind.Block ? n.Section.Block + 1 : 0);
}
