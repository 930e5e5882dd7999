using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.Placement;

/// <summary>A KV cache on one device: of all layers there that keep all cells, or of those that keep a window of the same size.</summary>
public sealed record KvPlan
{
    /// <summary>The device.</summary>
    public required PlacementDevice Device { get; init; }

    /// <summary>Its layout.</summary>
    public required IKvLayout Layout { get; init; }

    /// <summary>Tokens that its layers look back on, if they give back cells that are out of sight; 0 if all cells are kept.</summary>
    public int Window { get; init; }

    /// <summary>Windows of its layers, whether or not cells are given back; layers without one may be missing.</summary>
    public IReadOnlyDictionary<int, int> Windows { get; init; } = new Dictionary<int, int>();

    /// <summary>Pages that one sequence has at most.</summary>
    public int PagesPerSequence { get; init; } = int.MaxValue;

    /// <summary>Pages in all.</summary>
    public required int Pages { get; init; }

    /// <summary>Pages in one buffer.</summary>
    public required int PagesPerBuffer { get; init; }

    /// <summary>Bytes in all.</summary>
    public long Bytes => checked((long)Layout.PageBytes * Pages);

    /// <summary>Bytes of each buffer.</summary>
    public IEnumerable<nuint> Buffers
    {
        get
        {
            for (var first = 0; first < Pages; first += PagesPerBuffer)
                yield return (nuint)Math.Min(PagesPerBuffer, Pages - first) * Layout.PageBytes;
        }
    }
}
