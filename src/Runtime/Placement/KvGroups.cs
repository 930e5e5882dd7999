using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Runtime.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Which layers share a cache on a device: those that keep all cells, and those that give back what is out of their window, where that is less than the context. The latter keep the window and
/// the largest step, so that a step finds all it sees, and a text can be taken back by a step.
/// </summary>
/// <param name="nodes">The operations at their places.</param>
/// <param name="graph">The model.</param>
/// <param name="context">Cells of a sequence.</param>
/// <param name="tokens">Tokens of the largest step.</param>
internal sealed class KvGroups(IReadOnlyList<NodePlacement> nodes, ModelGraph graph, int context, int tokens)
{
    private readonly Dictionary<int, int> _windows = graph.KvLayers.ToDictionary(l => l.Layer, l => l.Window);
    private readonly Dictionary<GraphSection, (PlacementDevice Device, int Window)> _sections = Sections(nodes, graph, context, tokens);

    /// <summary>Window of the cache that the block of an operation has on its device: 0 if it keeps all cells; null if there is none.</summary>
    public int? WindowOf(NodePlacement node) => _sections.TryGetValue(node.Node.Section, out var cache) && cache.Device == node.Device ? cache.Window : null;

    /// <summary>The window of a layer, whether or not it gives cells back.</summary>
    public int WindowOf(int layer) => _windows[layer];

    /// <summary>Pages that a sequence has at most in a cache of this window.</summary>
    public int PagesPerSequence(int window, int pageTokens) => window == 0 ? Pages(context, pageTokens) : Bounded(window, tokens, pageTokens);

    /// <summary>Cells that a layer keeps of a sequence, roughly.</summary>
    public static int Cells(int window, int context, int tokens) => window > 0 ? (int)Math.Min(context, (long)window + tokens) : context;

    private static Dictionary<GraphSection, (PlacementDevice, int)> Sections(IReadOnlyList<NodePlacement> nodes, ModelGraph graph, int context, int tokens)
    {
        var windows = graph.KvLayers.ToDictionary(l => l.Layer, l => l.Window);
        var sections = new Dictionary<GraphSection, (PlacementDevice, int)>();
        foreach (var node in nodes)
        {
            if (node.Node.Operation is not KvAppend append) continue;
            var (window, page) = (windows[append.Layer], node.Device.Device.Info.KvPageTokens);
            sections[node.Node.Section] = (node.Device, window > 0 && Bounded(window, tokens, page) < Pages(context, page) ? window : 0);
        }
        return sections;
    }

    // A page more, since neither the first cell in sight nor the last need be the first or last of a page.
    private static int Bounded(int window, int tokens, int page) => (int)Math.Min(int.MaxValue / 2, ((long)window + tokens + page - 1) / page + 1);

    private static int Pages(int cells, int page) => (int)(((long)cells + page - 1) / page);
}
