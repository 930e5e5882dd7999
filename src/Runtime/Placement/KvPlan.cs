using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.Placement;

/// <summary>The KV cache of one device.</summary>
public sealed record KvPlan
{
    /// <summary>The device.</summary>
    public required PlacementDevice Device { get; init; }

    /// <summary>Its layout.</summary>
    public required IKvLayout Layout { get; init; }

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
